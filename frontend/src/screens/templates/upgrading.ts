/** Bringing what was changed here together with what the template makes now. */

import type { WorkflowDocument } from "../../document/types";

/** My document, with these steps as the template has them. */
export function takingTheirs(
  mine: WorkflowDocument,
  theirs: WorkflowDocument,
  ids: readonly string[],
): WorkflowDocument {
  const held = new Map(theirs.steps.map((step) => [step.id, step]));
  return {
    ...mine,
    steps: mine.steps.map((step) => (ids.includes(step.id) ? (held.get(step.id) ?? step) : step)),
  };
}
