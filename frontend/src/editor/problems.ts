/** The problems of the draft, by step. */

import type { DraftProblem } from "../api/shapes";
import { told } from "../text";
import type { Editor } from "./store";

/** What is wrong, and what to do. */
export function inWords({ message, message_parts, hint, hint_parts }: DraftProblem): string {
  return `${told(message, message_parts)} ${told(hint, hint_parts)}`.trim();
}

const NONE: readonly DraftProblem[] = [];
const known = new WeakMap<readonly DraftProblem[], ReadonlyMap<string, readonly DraftProblem[]>>();

export function problemsOf({ problems }: Editor, step: string): readonly DraftProblem[] {
  let byStep = known.get(problems);
  if (!byStep) {
    const made = new Map<string, DraftProblem[]>();
    for (const each of problems) made.set(each.step, [...(made.get(each.step) ?? []), each]);
    byStep = made;
    known.set(problems, byStep);
  }
  return byStep.get(step) ?? NONE;
}
