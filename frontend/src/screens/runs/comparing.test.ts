import fc from "fast-check";
import { expect, test } from "vitest";

import type { Run, RunStep } from "../../api/shapes";
import { compared } from "./comparing";

const step = (name: string, more: Partial<RunStep> = {}): RunStep => ({
  step: name,
  item: "",
  state: "succeeded",
  explanation: "",
  port: "ok",
  input: null,
  output: null,
  error: null,
  due_at: null,
  created_at: "",
  ended_at: null,
  counts: {},
  taken_from: null,
  large: [],
  is_masked: false,
  child: null,
  plan: "",
  attempts: [],
  ...more,
});

const run = (...steps: RunStep[]): Run => ({ steps }) as unknown as Run;

test("a step that ended otherwise differs, and one that gave the same does not", () => {
  const found = compared(
    run(step("a"), step("b")),
    run(step("a"), step("b", { state: "failed", port: "error" })),
  );

  expect(found.map((each) => [each.step, each.differs])).toEqual([
    ["a", false],
    ["b", true],
  ]);
});

test("what a step was given and gave is compared field by field", () => {
  const [found] = compared(
    run(step("a", { input: { who: "Mara", at: 1 }, output: { ok: true } })),
    run(step("a", { input: { who: "Ben", at: 1 }, output: { ok: true } })),
  );

  expect(found?.input).toEqual([{ field: "who", before: "Mara", after: "Ben" }]);
  expect(found?.output).toEqual([]);
});

test("steps that only one run has come with it alone", () => {
  const found = compared(run(step("a"), step("b")), run(step("a"), step("c")));

  expect(found.map((each) => [each.step, each.left === null, each.right === null])).toEqual([
    ["a", false, false],
    ["b", false, true],
    ["c", true, false],
  ]);
});

test("a run differs from itself in nothing, whatever it holds", () => {
  const data = fc.jsonValue() as fc.Arbitrary<never>;
  fc.assert(
    fc.property(fc.array(fc.tuple(data, data)), (held) => {
      const one = run(...held.map(([input, output], at) => step(`s${String(at)}`, { input, output })));
      return compared(one, one).every((each) => !each.differs);
    }),
  );
});
