/** What differs between two runs, step by step. */

import type { Run, RunStep } from "../../api/shapes";
import { changesBetween } from "../../document/diff";
import type { FieldChange } from "../../document/diff";

export interface StepCompared {
  readonly step: string;
  readonly item: string;
  readonly left: RunStep | null;
  readonly right: RunStep | null;
  readonly input: readonly FieldChange[];
  readonly output: readonly FieldChange[];
  /** Whether it is there in one only, ended otherwise, was given or gave something else. */
  readonly differs: boolean;
}

/** Every step of either run, in the order of the first, then what only the other has. */
export function compared(left: Run, right: Run): StepCompared[] {
  const others = new Map(right.steps.map((each) => [keyOf(each), each]));
  const made = left.steps.map((each) => pair(each, others.get(keyOf(each)) ?? null));
  const known = new Set(left.steps.map(keyOf));
  return [...made, ...right.steps.filter((each) => !known.has(keyOf(each))).map((each) => pair(null, each))];
}

function pair(left: RunStep | null, right: RunStep | null): StepCompared {
  const one = left ?? right;
  const input = left && right ? changesBetween(left.input, right.input) : [];
  const output = left && right ? changesBetween(left.output, right.output) : [];
  const isElsewhere = left?.state !== right?.state || left?.port !== right?.port;
  const isOtherError = left?.error?.message !== right?.error?.message;
  return {
    step: one?.step ?? "",
    item: one?.item ?? "",
    left,
    right,
    input,
    output,
    differs: isElsewhere || isOtherError || input.length > 0 || output.length > 0,
  };
}

function keyOf(step: RunStep): string {
  return `${step.step}/${step.item}`;
}
