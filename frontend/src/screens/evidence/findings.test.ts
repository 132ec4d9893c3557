import { expect, test } from "vitest";

import { currentOf } from "./findings";
import type { Recorded } from "./findings";

const record = (number: number, key: string, gone = false): Recorded => ({
  number,
  key,
  gone,
  source: "governance",
  seen_at: "",
  domain: "",
  subject: "",
  person: null,
  parts: null,
});

test("of each finding only the newest record says how it is", () => {
  const found = currentOf([record(3, "a", true), record(2, "b"), record(1, "a")]);

  expect(found.map((each) => [each.key, each.gone])).toEqual([
    ["a", true],
    ["b", false],
  ]);
});
