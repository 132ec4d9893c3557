import { expect, test } from "vitest";

import { fromText, holdsExpression, pathOf, toText, withPath } from "./expressions";

test("text that begins with an equals sign stays text", () => {
  expect(fromText("=sum")).toBe("==sum");
  expect(toText(fromText("=sum"))).toBe("=sum");
  expect(holdsExpression(fromText("=sum"))).toBe(false);
});

test("names that are not plain stand in backquotes", () => {
  expect(pathOf(["steps", "find", "first name", 0, "and"])).toBe("steps.find.`first name`[0].`and`");
});

test("a path becomes the whole value of an empty field, and stands in braces within text", () => {
  expect(withPath(undefined, "trigger.name", true, 0, 0).value).toBe("=trigger.name");
  expect(withPath("Dear ,", "trigger.name", true, 5, 5).value).toBe("Dear {{ trigger.name }},");
  expect(withPath(3, "trigger.n", false, 0, 0).value).toBe("=trigger.n");
});

test("a path goes to the cursor of an expression", () => {
  expect(withPath("=1 + ", "trigger.n", false, 4, 4)).toEqual({ value: "=1 + trigger.n", cursor: 13 });
});
