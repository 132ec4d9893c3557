/** Steps as text, so that they can be copied between workflows, or sent to a colleague. */

import { apply } from "./apply";
import { stepIds } from "./names";
import { edgesOf } from "./types";
import type { Edge, Point, Step, WorkflowDocument } from "./types";

interface Copied {
  readonly steps: readonly Step[];
  readonly edges: readonly Edge[];
}

export function copied(document: WorkflowDocument, ids: ReadonlySet<string>): string {
  const steps = document.steps.filter((step) => ids.has(step.id));
  const edges = edgesOf(document).filter((edge) => ids.has(edge.from) && ids.has(edge.to));
  return JSON.stringify({ steps, edges }, null, 2);
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
): {
  operation: { type: "paste"; steps: readonly Step[]; edges: readonly Edge[]; by: Point };
  ids: string[];
} {
  const operation = { type: "paste", steps, edges, by } as const;
  const before = stepIds(document);
  const ids = apply(document, operation).steps.flatMap((step) => (before.has(step.id) ? [] : [step.id]));
  return { operation, ids };
}

function isStep(value: unknown): value is Step {
  const held = value as Partial<Step> | null;
  return typeof held === "object" && typeof held?.id === "string" && typeof held.kind === "string";
}

function isEdge(value: unknown): value is Edge {
  const held = value as Partial<Edge> | null;
  return typeof held === "object" && typeof held?.from === "string" && typeof held.to === "string";
}
