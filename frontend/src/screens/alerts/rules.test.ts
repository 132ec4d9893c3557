import fc from "fast-check";
import { expect, test } from "vitest";

import { UNITS, whenOf, writtenAs } from "./rules";

test("a limit is written in the largest unit that leaves nothing over, and means the same", () => {
  expect(writtenAs(172_800)).toEqual({ amount: "2", unit: "days" });
  expect(writtenAs(5_400)).toEqual({ amount: "90", unit: "minutes" });
  fc.assert(
    fc.property(fc.integer({ min: 30, max: 366 * 86_400 }), (seconds) => {
      const { amount, unit } = writtenAs(seconds);
      expect(Math.round(Number(amount) * UNITS[unit])).toBe(seconds);
    }),
  );
});

test("a rule says when it tells somebody", () => {
  expect(whenOf({ kind: "failures", count: 3, seconds: null })).toBe("when 3 runs in a row fail");
  expect(whenOf({ kind: "silent", count: 1, seconds: 172_800 })).toBe("when there was no run for 2 days");
  expect(whenOf({ kind: "long", count: 1, seconds: null })).toBe("when a run takes longer than usual");
});
