/** Steps as text, so that they can be copied between workflows, or sent to a colleague. */

import { apply } from "./apply";
import { allEdges, allSteps, holderOf, holdersOf, levelIn, stepOf } from "./levels";
import { stepIds } from "./names";
import type { Operation } from "./operations";
import type { Edge, Point, Step, WorkflowDocument } from "./types";

interface Copied {
  readonly steps: readonly Step[];
  readonly edges: readonly Edge[];
}

/** What is inside of a step goes with it, and is not taken a second time. */
export function copied(document: WorkflowDocument, ids: ReadonlySet<string>): string {
  const own = allSteps(document).filter(
    ({ id }) => ids.has(id) && !holdersOf(document, id).some((holder) => ids.has(holder)),
  );
  const taken = new Set(own.map((step) => step.id));
  const edges = allEdges(document).filter((edge) => taken.has(edge.from) && taken.has(edge.to));
  return JSON.stringify({ steps: own, edges }, null, 2);
}

/** Where copied steps go: beside what is selected, or into the one selected step that has room and nothing in it. */
export function placeToPaste(document: WorkflowDocument, selected: ReadonlySet<string>): string {
  const [first = ""] = selected;
  const isEmptyFrame = selected.size === 1 && stepOf(document, first)?.body?.steps.length === 0;
  return isEmptyFrame ? first : holderOf(document, first);
}

/** What a text holds, or null when it holds no steps. A whole workflow document is accepted too. */
export function readCopied(text: string): Copied | null {
  let held: unknown;
  try {
    held = JSON.parse(text);
  } catch {
    return null;
  }
  if (held === null || typeof held !== "object") return null;
  const { steps, edges = [] } = held as { steps?: unknown; edges?: unknown };
  if (!Array.isArray(steps) || steps.length === 0 || !steps.every(isStep)) return null;
  return { steps, edges: Array.isArray(edges) ? edges.filter(isEdge) : [] };
}

/** The document with the copied steps, and the ids they have in it. */
export function pasteInto(
  document: WorkflowDocument,
  { steps, edges }: Copied,
  by: Point,
  into: string,
): { operation: Extract<Operation, { type: "paste" }>; ids: string[] } {
  const operation = { type: "paste", steps, edges, by, into } as const;
  const before = stepIds(document);
  const made = levelIn(apply(document, operation), into).steps;
  return { operation, ids: made.flatMap((step) => (before.has(step.id) ? [] : [step.id])) };
}

function isStep(value: unknown): value is Step {
  const held = value as Partial<Step> | null;
  return typeof held === "object" && typeof held?.id === "string" && typeof held.kind === "string";
}

function isEdge(value: unknown): value is Edge {
  const held = value as Partial<Edge> | null;
  return typeof held === "object" && typeof held?.from === "string" && typeof held.to === "string";
}
