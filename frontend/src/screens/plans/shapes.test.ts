import { expect, test } from "vitest";

import { fieldsOf, shortly } from "./shapes";

test("only the fields in which an object would differ are shown", () => {
  const fields = fieldsOf({ before: { a: 1, b: [1], c: "x" }, after: { a: 1, b: [2], d: null } });

  expect(fields.map((each) => each.name)).toEqual(["b", "c", "d"]);
});

test("an object that would be made shows all of its fields, one that would go as well", () => {
  expect(fieldsOf({ before: null, after: { a: 1 } })).toEqual([{ name: "a", before: undefined, after: 1 }]);
  expect(fieldsOf({ before: { a: 1 }, after: null })).toEqual([{ name: "a", before: 1, after: undefined }]);
});

test("a value stands in one line", () => {
  expect(shortly(["a", { b: 1, c: null }])).toBe("a, b 1, c –");
});
