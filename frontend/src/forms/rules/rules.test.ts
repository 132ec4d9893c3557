import fc from "fast-check";
import { expect, test } from "vitest";

import { cellText, GIVEN_KINDS, givenText, KINDS, readCell, readGiven } from "./cells";
import type { GivenKind, Kind } from "./cells";
import {
  columnsOf,
  placeOfCell,
  tableOf,
  textAt,
  withColumnChanged,
  withPasted,
  withRowMoved,
  withText,
} from "./table";
import type { RuleTable } from "./table";

const text = fc.oneof(
  fc.string(),
  fc.constantFrom("life", "a|b", "empty", "!= x", "~ l*", "{", '"', "=1", "a & b"),
);
const plain: Record<Kind, fc.Arbitrary<string | number | boolean>> = {
  text,
  number: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
  date: fc.constantFrom("2026-05-03", "1999-12-31"),
  boolean: fc.boolean(),
  group: text,
};

test.each(KINDS)("whatever stands in a cell of %s comes back as it was typed", (kind) => {
  const value = plain[kind].filter((each) => each !== "");
  const many = fc.array(value, { minLength: 1, maxLength: 4 });
  const cell = fc.oneof(
    value,
    many,
    fc.record({ not: fc.oneof(value, many) }),
    fc.record({ empty: fc.boolean() }),
    fc.record({ min: value }),
    fc.record({ above: value, below: value }),
    fc.record({ min: value, max: value }),
    fc.record({ matches: fc.oneof(value, many), not: value }),
    fc.record({ all: many }),
  );
  fc.assert(
    fc.property(cell, (each) => {
      expect(readCell(kind, cellText(kind, each))).toEqual(JSON.parse(JSON.stringify(each)));
    }),
  );
});

test("conditions are typed as people say them", () => {
  expect(readCell("number", "> 10")).toEqual({ above: 10 });
  expect(readCell("number", ">= 3 and < 9")).toEqual({ min: 3, below: 9 });
  expect(readCell("number", "3..9")).toEqual({ min: 3, max: 9 });
  expect(readCell("number", "2,5")).toBe(2.5);
  expect(readCell("number", "many")).toBe("many");
  expect(readCell("date", "2026-01-01..2026-12-31")).toEqual({ min: "2026-01-01", max: "2026-12-31" });
  expect(readCell("text", "life | health")).toEqual(["life", "health"]);
  expect(readCell("text", "~ l*")).toEqual({ matches: "l*" });
  expect(readCell("text", "!= motor")).toEqual({ not: "motor" });
  expect(readCell("group", "a & b")).toEqual({ all: ["a", "b"] });
  expect(readCell("boolean", "ja")).toBe(true);
  expect(readCell("text", "not empty")).toEqual({ empty: false });
  expect(readCell("text", "  ")).toBeUndefined();
});

test.each(GIVEN_KINDS)("what is given as %s comes back as it was typed", (kind: GivenKind) => {
  const values: Record<GivenKind, fc.Arbitrary<unknown>> = {
    text: fc.string({ minLength: 1 }),
    number: fc.integer(),
    boolean: fc.boolean(),
    list: fc.array(fc.constantFrom("a", "b c"), { minLength: 1 }),
    json: fc.jsonValue().filter((each) => each !== null),
  };
  fc.assert(
    fc.property(values[kind], (value) => {
      const held = JSON.parse(JSON.stringify(value)) as string;
      expect(readGiven(kind, givenText(kind, held))).toEqual(held);
    }),
  );
});

const TABLE: RuleTable = {
  match: "first",
  columns: [{ name: "unit" }, { name: "amount", kind: "number" }],
  rows: [
    { when: { unit: "life", amount: { above: 10 } }, give: { queue: "large" }, note: "Two signatures" },
    { when: { unit: "motor" }, give: { queue: "cars", copies: 2 } },
  ],
  default: { queue: "by-hand" },
};

test("a cell is changed, emptied, and the row behind the last one is what is given otherwise", () => {
  const [unit, , queue, , note] = columnsOf(TABLE);
  if (!unit || !queue || !note) throw new Error("There are too few columns.");
  expect(columnsOf(TABLE).map((each) => `${each.part} ${each.name} ${each.kind}`)).toEqual([
    "when unit text",
    "when amount number",
    "give queue text",
    "give copies number",
    "note  text",
  ]);
  expect(withText(TABLE, 0, unit, "").rows[0]?.when).toEqual({ amount: { above: 10 } });
  expect(withText(TABLE, 0, note, "").rows[0]).not.toHaveProperty("note");
  expect(textAt(TABLE, 2, queue)).toBe("by-hand");
  expect(withText(TABLE, 2, queue, "x").default).toEqual({ queue: "x" });
  expect(placeOfCell(TABLE, 1, unit)).toBe("rows/1/when/unit");
});

test("cells copied in a spreadsheet are put in, and rows that are missing are added", () => {
  const made = withPasted(TABLE, columnsOf(TABLE), 1, 1, "> 5\tlarge\r\n3..9\tsmall\r\n");

  expect(made.rows.slice(1)).toEqual([
    { when: { unit: "motor", amount: { above: 5 } }, give: { queue: "large", copies: 2 } },
    { when: { amount: { min: 3, max: 9 } }, give: { queue: "small" } },
  ]);
});

test("a column that is called otherwise, or of another kind, keeps what it holds", () => {
  const [unit, amount] = columnsOf(TABLE);
  if (!unit || !amount) throw new Error("There are too few columns.");
  const made = withColumnChanged(withColumnChanged(TABLE, unit, "branch", "text"), amount, "amount", "text");

  expect(made.columns).toEqual([
    { name: "branch", kind: "text" },
    { name: "amount", kind: "text" },
  ]);
  expect(made.rows[0]?.when).toEqual({ branch: "life", amount: "> 10" });
  expect(withRowMoved(TABLE, 0, 1).rows[1]).toBe(TABLE.rows[0]);
});

test.each([[], "x", { columns: {} }, { columns: [{ name: 1 }] }, { columns: [], rows: [{ give: 3 }] }])(
  "what has no shape of a table is not taken for one: %j",
  (value) => {
    expect(tableOf(value as never)).toBeNull();
  },
);
