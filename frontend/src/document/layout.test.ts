import fc from "fast-check";
import { expect, test } from "vitest";

import { drawn } from "./drawing";
import { arranged, heightOf, layout, placeAfter, STEP_WIDTH } from "./layout";
import type { Look } from "./layout";
import type { Edge, Step, WorkflowDocument } from "./types";

const two = (step: Step): Look => ({ ports: 2, isFrame: step.body !== undefined });

const tree: fc.Arbitrary<WorkflowDocument> = fc
  .array(fc.nat(), { minLength: 1, maxLength: 25 })
  .map((parents) => {
    const steps = parents.map((_, at) => ({ id: `s${String(at)}`, kind: "transform" }));
    const edges: Edge[] = parents.flatMap((parent, at) =>
      at === 0 ? [] : [{ from: `s${String(parent % at)}`, to: `s${String(at)}` }],
    );
    return { format: 1, name: "Tree", steps, edges };
  });

test("no two steps cover each other, and every way leads to the right", () => {
  fc.assert(
    fc.property(tree, (document) => {
      const places = layout(document, two);
      const boxes = document.steps.map((step) => places[step.id] ?? { x: NaN, y: NaN });
      for (const [at, one] of boxes.entries()) {
        for (const other of boxes.slice(at + 1)) {
          const apart = Math.abs(one.x - other.x) >= STEP_WIDTH || Math.abs(one.y - other.y) >= heightOf(2);
          expect(apart).toBe(true);
        }
      }
      for (const edge of document.edges ?? []) {
        expect(places[edge.to]?.x).toBeGreaterThan(places[edge.from]?.x ?? NaN);
      }
    }),
  );
});

test("a step stays where somebody put it", () => {
  const document = drawn("a -> b");
  const placed = { ...document, steps: document.steps.map((step) => ({ ...step, at: { x: 7, y: 9 } })) };

  expect(arranged(placed, two).places).toEqual({ a: { x: 7, y: 9 }, b: { x: 7, y: 9 } });
});

test("a new step is put beside the one it follows, and never upon another", () => {
  const document = drawn("a -> b");
  const places = { a: { x: 0, y: 0 }, b: { x: STEP_WIDTH + 90, y: 0 } };

  expect(placeAfter(document, { places, sizes: {} }, "a")).toEqual({ x: STEP_WIDTH + 90, y: 140 });
});

test("a frame is around all that is inside of it, also while that is dragged, and what follows keeps off", () => {
  const body = drawn("x -> y");
  const document: WorkflowDocument = {
    ...drawn("a -> each -> b"),
    steps: [
      { id: "a", kind: "transform" },
      { id: "each", kind: "each", body: { steps: body.steps, edges: body.edges ?? [] } },
      { id: "b", kind: "transform" },
    ],
  };
  const { places, sizes } = arranged(document, two);
  const [frame, last] = [sizes["each"], places["y"]];

  expect(frame?.width).toBeGreaterThan((last?.x ?? NaN) + STEP_WIDTH);
  expect(places["b"]?.x).toBeGreaterThan((places["each"]?.x ?? NaN) + (frame?.width ?? NaN));
  expect(arranged(document, two, { y: { x: 2000, y: 0 } }).sizes["each"]?.width).toBeGreaterThan(2200);
});

test("also of a thousand steps no two cover each other, and every way leads to the right", () => {
  const steps = Array.from({ length: 1000 }, (_, at) => ({ id: `s${String(at)}`, kind: "transform" }));
  const edges: Edge[] = steps.flatMap((_, at) =>
    at === 0 ? [] : [{ from: `s${String(Math.floor((at - 1) / 3))}`, to: `s${String(at)}` }],
  );
  const places = layout({ format: 1, name: "Large", steps, edges }, two);

  expect(new Set(Object.values(places).map(({ x, y }) => `${String(x)} ${String(y)}`)).size).toBe(1000);
  for (const edge of edges) expect(places[edge.to]?.x).toBeGreaterThan(places[edge.from]?.x ?? NaN);
});
