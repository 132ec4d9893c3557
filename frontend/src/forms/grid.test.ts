import { expect, test } from "vitest";

import { cellOf, columnsOf, openField, tidied, withCell } from "./grid";
import { controlOf } from "./schema";

const TEXTS = { type: "array", items: { type: "string" } };
const ROW = {
  type: "object",
  properties: {
    when: { type: "object", additionalProperties: { anyOf: [{ type: "string" }, TEXTS] } },
    groups: { title: "Groups", ...TEXTS },
  },
};
const ROWS = [
  { when: { unit: "claims", in_group: ["a", "b"] }, groups: ["designers"] },
  { when: { country: "DE" }, groups: [] },
];

test("a list of rows with plain cells is a table, a list of deeper things is none", () => {
  expect(controlOf({ type: "array", items: ROW })).toBe("grid");
  expect(
    controlOf({
      type: "array",
      items: { type: "object", properties: { a: { type: "object", properties: { b: {} } } } },
    }),
  ).toBe("list");
  expect(controlOf(TEXTS)).toBe("list");
});

test("the names that any row has are columns, and so are those that somebody adds", () => {
  const columns = columnsOf(ROW, ROW, ROWS, ["team"]);

  expect(columns.map((each) => each.title)).toEqual(["unit", "in_group", "country", "team", "Groups"]);
  expect(openField(ROW, ROW)).toBe("when");
});

test("a cell is written as one text, or as several with commas; emptied it is gone", () => {
  const [unit, , , groups] = columnsOf(ROW, ROW, ROWS);
  if (!unit || !groups) throw new Error("There are too few columns.");
  const row = withCell(withCell(ROWS[0] ?? {}, unit, "claims, sales"), groups, "x,y");

  expect(row).toEqual({ when: { unit: ["claims", "sales"], in_group: ["a", "b"] }, groups: ["x", "y"] });
  expect(cellOf(row, unit)).toBe("claims, sales");
  expect(withCell(row, unit, "")).toEqual({ when: { in_group: ["a", "b"] }, groups: ["x", "y"] });
  expect(tidied(withCell(row, unit, "claims, "), unit)["when"]).toEqual({
    unit: "claims",
    in_group: ["a", "b"],
  });
});
