import { expect, test } from "vitest";

import { apply } from "./apply";
import { drawn } from "./drawing";
import { merged } from "./merge";
import { edgeId, edgesOf, stepOf } from "./types";

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
