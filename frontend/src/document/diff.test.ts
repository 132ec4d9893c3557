import { expect, test } from "vitest";

import { apply } from "./apply";
import { difference, isSame } from "./diff";
import { drawn } from "./drawing";

const before = drawn("a -> b");

test("a difference names the fields that changed, not the document", () => {
  const after = apply(
    apply(before, {
      type: "changeStep",
      id: "b",
      change: { settings: { value: { to: "x", list: [1, 2] } } },
    }),
    { type: "addStep", step: { id: "c", kind: "wait", title: "Wait" }, after: { from: "b", port: "error" } },
  );
  const last = apply(after, {
    type: "changeStep",
    id: "b",
    change: { settings: { value: { to: "y", list: [1, 3] } } },
  });

  expect(difference(after, last).steps[0]?.fields).toEqual([
    { field: "settings/value/to", before: "x", after: "y" },
    { field: "settings/value/list/1", before: 2, after: 3 },
  ]);
  expect(difference(before, after).steps.map((step) => [step.title, step.kind])).toEqual([
    ["b", "changed"],
    ["Wait", "added"],
  ]);
  expect(difference(before, after).edgesAdded).toEqual([{ from: "b", port: "error", to: "Wait" }]);
});

test("moving steps about changes nothing", () => {
  const moved = apply(before, { type: "moveSteps", to: { a: { x: 1, y: 2 } } });

  expect(isSame(difference(before, moved))).toBe(true);
});
