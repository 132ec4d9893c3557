import fc from "fast-check";
import { expect, test } from "vitest";

import { drawn } from "./drawing";
import { edited, historyOf, redone, undone } from "./history";
import type { History } from "./history";
import type { Operation } from "./operations";
import { allEdges, allSteps, holderOf } from "./levels";
import type { Level } from "./types";

const id = fc.constantFrom("a", "b", "c", "d", "e", "f");
const port = fc.constantFrom("ok", "error", "yes");
const edge = fc.record({ from: id, to: id, port });
const point = fc.record({ x: fc.integer({ min: -900, max: 900 }), y: fc.integer({ min: -900, max: 900 }) });
const step = fc.oneof(
  fc.record({ id, kind: fc.constantFrom("transform", "merge") }),
  fc.record({ id, kind: fc.constant("each"), body: fc.constant({ steps: [], edges: [] }) }),
);
const into = fc.oneof(fc.constant(""), id);

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({ type: fc.constant("addStep" as const), step, on: edge, port }),
  fc.record({ type: fc.constant("addStep" as const), step, into }),
  fc.record({ type: fc.constant("addStep" as const), step, after: fc.record({ from: id, port }) }),
  fc.record({ type: fc.constant("removeSteps" as const), ids: fc.uniqueArray(id, { maxLength: 3 }) }),
  fc.record({ type: fc.constant("moveSteps" as const), to: fc.dictionary(id, point) }),
  fc.record({
    type: fc.constant("bringInto" as const),
    ids: fc.uniqueArray(id, { minLength: 1, maxLength: 3 }),
    into,
    to: fc.dictionary(id, point),
  }),
  fc.record({ type: fc.constant("changeStep" as const), id, change: fc.record({ title: fc.string() }) }),
  fc.record({ type: fc.constant("renameStep" as const), id, to: id }),
  fc.record({ type: fc.constant("reorderStep" as const), id, before: fc.option(id) }),
  fc.record({ type: fc.constant("connect" as const), edge }),
  fc.record({ type: fc.constant("disconnect" as const), edges: fc.array(edge, { maxLength: 2 }) }),
  fc.record({
    type: fc.constant("paste" as const),
    steps: fc.uniqueArray(step, { maxLength: 3, selector: (each) => each.id }),
    edges: fc.array(edge, { maxLength: 2 }),
    by: point,
    into,
  }),
  fc.record({
    type: fc.constant("describe" as const),
    change: fc.record(
      { name: fc.string(), keys: fc.option(fc.dictionary(fc.string(), fc.string()), { nil: undefined }) },
      { requiredKeys: [] },
    ),
  }),
);

const begun = drawn("a -> b -> c", "a -error-> d");

test("undoing everything gives the document back, and doing it again gives the last one", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
      const last = operations.reduce<History>((held, each) => edited(held, each), historyOf(begun));
      let back = last;
      for (let count = last.past.length; count > 0; count -= 1) back = undone(back);
      expect(back.present).toBe(begun);
      let again = back;
      for (let count = back.future.length; count > 0; count -= 1) again = redone(again);
      expect(again.present).toBe(last.present);
    }),
  );
});

const idsOf = (level: Level): string[] =>
  level.steps.flatMap((each) => [each.id, ...(each.body ? idsOf(each.body) : [])]);

test("after any operations ids are unique and both ends of every edge stand beside each other", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 30 }), (operations) => {
      const { present } = operations.reduce<History>((held, each) => edited(held, each), historyOf(begun));
      const ids = allSteps(present).map((each) => each.id);
      expect(idsOf(present).sort()).toEqual([...ids].sort());
      for (const each of allEdges(present)) {
        expect(holderOf(present, each.from)).toBe(holderOf(present, each.to));
        expect(ids).toContain(each.from);
        expect(ids).toContain(each.to);
      }
    }),
  );
});

test("typing in one field is undone at once", () => {
  let history = historyOf(begun);
  for (const name of ["W", "We", "Wel"])
    history = edited(history, { type: "describe", change: { name } }, "name");
  history = edited(history, { type: "describe", change: { name: "Well" } }, "");

  expect(undone(history).present.name).toBe("Wel");
  expect(undone(undone(history)).present).toBe(begun);
});
