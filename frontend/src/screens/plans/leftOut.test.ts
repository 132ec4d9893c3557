import { expect, test } from "vitest";

import { choicesOf, isLeftOut, NOTHING, withGroup, withoutGroup, withoutRow, withRow } from "./leftOut";
import { choiceOf } from "./shapes";
import type { Change } from "./shapes";

const change = (more: Partial<Change> = {}): Change => ({
  id: "1",
  position: 1,
  connection: "shop",
  resource: "shop.shelf",
  operation: "create",
  key: "k",
  title: "Thing",
  before: null,
  after: null,
  cause: {},
  state: "planned",
  message: "",
  ...more,
});

test("a row is left out and taken in again", () => {
  const held = withRow(NOTHING, change({ position: 7 }));

  expect(choicesOf(held)).toEqual([{ positions: [7] }]);
  expect(isLeftOut(held, change({ position: 7 }))).toBe(true);
  expect(isLeftOut(held, change({ position: 8 }))).toBe(false);
  expect(withoutRow(held, 7)).toEqual(NOTHING);
});

test("a group means the changes that are like it, a rule row also by its number", () => {
  const rule = choiceOf("rule", { value: "3", operation: "", count: 9 });
  const held = withGroup(NOTHING, "rule 3", rule);

  expect(isLeftOut(held, change({ cause: { rule: 3 } }))).toBe(true);
  expect(isLeftOut(held, change({ cause: { rule: 4 } }))).toBe(false);
  expect(withGroup(held, "again", rule)).toBe(held);
  expect(withoutGroup(held, rule)).toEqual(NOTHING);
});

test("the group without a value means those whose cause says nothing of it", () => {
  const held = withGroup(NOTHING, "none", choiceOf("unit", { value: "", operation: "", count: 1 }));

  expect(choicesOf(held)).toEqual([{ without: "unit" }]);
  expect(isLeftOut(held, change())).toBe(true);
  expect(isLeftOut(held, change({ cause: { unit: "North" } }))).toBe(false);
});

test("a group by kind means one operation on one kind of object", () => {
  const held = withGroup(
    NOTHING,
    "",
    choiceOf("kind", { value: "shop.shelf", operation: "delete", count: 1 }),
  );

  expect(isLeftOut(held, change({ operation: "delete" }))).toBe(true);
  expect(isLeftOut(held, change())).toBe(false);
});
