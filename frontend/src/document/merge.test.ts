import { expect, test } from "vitest";

import { apply } from "./apply";
import { drawn } from "./drawing";
import { merged } from "./merge";
import { stepOf } from "./levels";
import { edgeId, edgesOf } from "./types";

const base = drawn("a -> b -> c");

test("changes to different steps are both kept", () => {
  const mine = apply(base, { type: "changeStep", id: "a", change: { title: "Mine" } });
  const theirs = apply(base, { type: "changeStep", id: "b", change: { title: "Theirs" } });

  const { document, conflicts } = merged(base, mine, theirs);

  expect(conflicts).toEqual([]);
  expect(stepOf(document, "a")?.title).toBe("Mine");
  expect(stepOf(document, "b")?.title).toBe("Theirs");
});

test("of a step that both changed mine is taken, and it is said", () => {
  const mine = apply(base, { type: "changeStep", id: "a", change: { title: "Mine" } });
  const theirs = apply(base, { type: "changeStep", id: "a", change: { title: "Theirs" } });

  const { document, conflicts } = merged(base, mine, theirs);

  expect(conflicts).toEqual(["Mine"]);
  expect(stepOf(document, "a")?.title).toBe("Mine");
});

test("a step that they removed goes, one that I changed in the meantime stays", () => {
  const theirs = apply(base, { type: "removeSteps", ids: ["b", "c"] });
  const mine = apply(base, { type: "changeStep", id: "c", change: { title: "Needed" } });

  const { document, conflicts } = merged(base, mine, theirs);

  expect(document.steps.map((step) => step.id)).toEqual(["a", "c"]);
  expect(conflicts).toEqual(["Needed"]);
});

test("steps that each of us added are both there, with their edges", () => {
  const mine = apply(base, {
    type: "addStep",
    step: { id: "m", kind: "wait" },
    after: { from: "c", port: "ok" },
  });
  const theirs = apply(base, {
    type: "addStep",
    step: { id: "t", kind: "wait" },
    after: { from: "a", port: "error" },
  });

  const { document } = merged(base, mine, theirs);

  expect(edgesOf(document).map(edgeId)).toEqual(["a:ok:b", "b:ok:c", "c:ok:m", "a:error:t"]);
});

test("steps inside of a for-each are merged one by one, and keep the for-each that they need", () => {
  const inside = apply(
    apply(base, { type: "addStep", step: { id: "each", kind: "each", body: { steps: [], edges: [] } } }),
    { type: "addStep", step: { id: "x", kind: "wait" }, into: "each" },
  );
  const mine = apply(inside, {
    type: "addStep",
    step: { id: "y", kind: "wait" },
    after: { from: "x", port: "ok" },
  });
  const theirs = apply(inside, { type: "changeStep", id: "x", change: { title: "Theirs" } });
  const removed = apply(inside, { type: "removeSteps", ids: ["each"] });

  const both = merged(inside, mine, theirs);
  expect(both.conflicts).toEqual([]);
  expect(stepOf(both.document, "each")?.body).toEqual({
    steps: [
      { id: "x", kind: "wait", title: "Theirs" },
      { id: "y", kind: "wait" },
    ],
    edges: [{ from: "x", to: "y" }],
  });
  expect(stepOf(merged(inside, mine, removed).document, "each")?.body?.steps.map((each) => each.id)).toEqual([
    "y",
  ]);
});
