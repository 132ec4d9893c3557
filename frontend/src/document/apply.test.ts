import { expect, test } from "vitest";

import { apply } from "./apply";
import { drawn } from "./drawing";
import { edgeId, edgesOf } from "./types";

const edges = (document: Parameters<typeof edgesOf>[0]): string[] => edgesOf(document).map(edgeId);

test("a step put on an edge stands in its middle", () => {
  const document = drawn("a -> b");

  const made = apply(document, {
    type: "addStep",
    step: { id: "c", kind: "wait" },
    on: { from: "a", to: "b" },
    port: "ok",
  });

  expect(edges(made)).toEqual(["a:ok:c", "c:ok:b"]);
});

test("what stood before and behind a removed step is joined", () => {
  expect(edges(apply(drawn("a -no-> b -> c"), { type: "removeSteps", ids: ["b"] }))).toEqual(["a:no:c"]);
});

test("a removed step that joined several ways joins nothing afterwards", () => {
  const document = drawn("a -> c -> d", "b -> c");

  expect(edges(apply(document, { type: "removeSteps", ids: ["c"] }))).toEqual([]);
});

test("a renamed step is renamed in edges and in expressions", () => {
  const document = drawn("a -> b");
  const read = apply(document, {
    type: "changeStep",
    id: "b",
    change: {
      settings: { value: "=steps.a.x & steps.ab.x", text: "Dear {{ steps.a.name }}, steps.a stays" },
    },
  });

  const made = apply(read, { type: "renameStep", id: "a", to: "find" });

  expect(edges(made)).toEqual(["find:ok:b"]);
  expect(made.steps[1]?.settings).toEqual({
    value: "=steps.find.x & steps.ab.x",
    text: "Dear {{ steps.find.name }}, steps.a stays",
  });
});

test("pasted steps get free ids and read each other by them", () => {
  const document = apply(drawn("a -> b"), {
    type: "changeStep",
    id: "b",
    change: { settings: { value: "=steps.a.x" } },
  });

  const made = apply(document, {
    type: "paste",
    steps: document.steps,
    edges: edgesOf(document),
    by: { x: 0, y: 0 },
  });

  expect(made.steps.map((step) => step.id)).toEqual(["a", "b", "a_2", "b_2"]);
  expect(edges(made)).toEqual(["a:ok:b", "a_2:ok:b_2"]);
  expect(made.steps[3]?.settings).toEqual({ value: "=steps.a_2.x" });
});

test("the same edge is not drawn twice, and no step leads to itself", () => {
  const document = drawn("a -> b");

  expect(apply(document, { type: "connect", edge: { from: "a", to: "b", port: "ok" } })).toBe(document);
  expect(apply(document, { type: "connect", edge: { from: "a", to: "a" } })).toBe(document);
});

test("a field that is taken away is gone, not empty", () => {
  const titled = apply(drawn("a"), { type: "changeStep", id: "a", change: { title: "First", note: "Why" } });

  const made = apply(titled, { type: "changeStep", id: "a", change: { note: undefined } });

  expect(made.steps[0]).toEqual({ id: "a", kind: "transform", title: "First" });
});
