import fc from "fast-check";
import { expect, test } from "vitest";

import { cronOf, EVERY, FIRST, oneKind, plainOf, STEPS } from "./schedule";

const two = (most: number): fc.Arbitrary<string> =>
  fc.integer({ min: 0, max: most }).map((each) => String(each).padStart(2, "0"));

test("what a person chooses is read from its cron rule again", () => {
  fc.assert(
    fc.property(
      fc.record({
        every: fc.constantFrom(...EVERY),
        time: fc.tuple(two(23), two(59)).map((each) => each.join(":")),
        days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        day: fc.integer({ min: 1, max: 31 }),
        minutes: fc.constantFrom(...STEPS),
      }),
      (chosen) => {
        const cron = cronOf(chosen);
        const read = plainOf(cron);
        expect(read?.every).toBe(chosen.every);
        expect(read && cronOf(read)).toBe(cron);
      },
    ),
  );
});

test("every weekday at seven is what a new schedule begins with", () => {
  expect(cronOf(FIRST)).toBe("0 7 * * 1-5");
});

test("a rule that no choice means is left to cron", () => {
  for (const cron of ["0 7 * 1-5", "0 7 1 * 1", "0 7-9 * * *", "*/7 * * * *", "0 7 * 6 *", "61 7 * * *", ""])
    expect(plainOf(cron)).toBeNull();
});

test("an interval takes the cron rule's place, and a cron rule the interval's", () => {
  const daily = { cron: "0 7 * * *", zone: "UTC" };
  const often = { every_seconds: 60, zone: "UTC" };
  expect(oneKind(daily, { ...daily, every_seconds: 60 })).toEqual(often);
  expect(oneKind(often, { ...often, cron: "0 7 * * *" })).toEqual(daily);
  expect(oneKind(daily, { ...daily, zone: "CET" })).toEqual({ ...daily, zone: "CET" });
});
