import { expect, test } from "vitest";

import { apply } from "./apply";
import { drawn } from "./drawing";
import { copied, pasteInto, placeToPaste, readCopied } from "./clipboard";
import { allEdges, holderOf, stepOf } from "./levels";
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

const inside = drawn("x -no-> y");
const open = apply(drawn("a -> each"), {
  type: "paste",
  steps: [{ id: "each_2", kind: "each", body: { steps: inside.steps, edges: inside.edges ?? [] } }],
  edges: [],
  by: { x: 0, y: 0 },
});

test("steps inside of a for-each are edited like any other, and stay inside", () => {
  const added = apply(open, {
    type: "addStep",
    step: { id: "z", kind: "wait" },
    on: { from: "x", to: "y", port: "no" },
    port: "ok",
  });
  expect(allEdges(added).map(edgeId)).toEqual(["a:ok:each", "x:no:z", "z:ok:y"]);
  expect(holderOf(added, "z")).toBe("each_2");

  const removed = apply(added, { type: "removeSteps", ids: ["z"] });
  expect(allEdges(removed).map(edgeId)).toEqual(["a:ok:each", "x:no:y"]);
  const moved = apply(removed, { type: "moveSteps", to: { y: { x: 5, y: 6 } } });
  expect(stepOf(moved, "y")?.at).toEqual({ x: 5, y: 6 });
  expect(apply(open, { type: "connect", edge: { from: "a", to: "x" } })).toBe(open);
});

test("a for-each is copied with what is inside of it, which gets free ids too", () => {
  const held = readCopied(copied(open, new Set(["each_2", "x"])));
  if (!held) throw new Error("Nothing was copied.");
  const { operation, ids } = pasteInto(open, held, { x: 0, y: 0 }, "");
  const made = apply(open, operation);

  expect(ids).toEqual(["each_2_2"]);
  expect(stepOf(made, "each_2_2")?.body?.edges?.map(edgeId)).toEqual(["x_2:no:y_2"]);
  expect(placeToPaste(made, new Set(["y"]))).toBe("each_2");
});

test("steps are taken out of a for-each and put into it, with the ways among them", () => {
  const out = apply(open, { type: "bringInto", ids: ["x", "y"], into: "", to: { x: { x: 7, y: 8 } } });
  expect(stepOf(out, "each_2")?.body?.steps).toEqual([]);
  expect([holderOf(out, "x"), stepOf(out, "x")?.at]).toEqual(["", { x: 7, y: 8 }]);
  expect(allEdges(out).map(edgeId)).toEqual(["a:ok:each", "x:no:y"]);

  const back = apply(out, { type: "bringInto", ids: ["x", "y"], into: "each_2", to: {} });
  expect(stepOf(back, "each_2")?.body?.edges?.map(edgeId)).toEqual(["x:no:y"]);
});

test("what stood around a step that is put into a for-each is joined, and nothing goes into itself", () => {
  const flow = apply(drawn("a -> b -> c"), { type: "addStep", step: { id: "each", kind: "each" } });
  const made = apply(flow, { type: "bringInto", ids: ["b"], into: "each", to: {} });
  expect(allEdges(made).map(edgeId)).toEqual(["a:ok:c"]);
  expect(holderOf(made, "b")).toBe("each");
  expect(apply(made, { type: "bringInto", ids: ["each"], into: "each", to: {} })).toBe(made);
  expect(apply(made, { type: "bringInto", ids: ["a"], into: "nowhere", to: {} })).toBe(made);
});
