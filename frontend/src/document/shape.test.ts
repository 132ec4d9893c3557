import { expect, test } from "vitest";

import { canBeDrawn } from "./shape";

const plain = { format: 1, name: "W", steps: [{ id: "a", kind: "condition" }] };

test("a document without edges and triggers can be drawn", () => {
  expect(canBeDrawn(plain)).toBe(true);
});

test.each([
  null,
  [],
  { format: 1, name: "W" },
  { ...plain, steps: {} },
  { ...plain, steps: [null] },
  { ...plain, steps: [{ id: 1, kind: "condition" }] },
  { ...plain, steps: [{ id: "a", kind: "condition", at: { x: "left" } }] },
  { ...plain, edges: [{ from: "a" }] },
  { ...plain, triggers: "manual" },
  { ...plain, steps: [{ id: "a", kind: "each", body: { steps: [null] } }] },
])("a broken shape cannot: %j", (draft) => {
  expect(canBeDrawn(draft)).toBe(false);
});
