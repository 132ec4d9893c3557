/** What leads where in a document. */

import { edgesInto, edgesOutOf, holderOf, holdersOf } from "./levels";
import { edgesOf, portOf } from "./types";
import type { Edge, Level, WorkflowDocument } from "./types";

/** Steps of a level that nothing leads to: they start at once. */
export function firstSteps(level: Level): string[] {
  const reached = new Set(edgesOf(level).map((edge) => edge.to));
  return level.steps.filter((step) => !reached.has(step.id)).map((step) => step.id);
}

/** Every step that leads to this one, or to a step that it is inside of, nearest first: what it may read. */
export function stepsBefore(document: WorkflowDocument, id: string): string[] {
  return [id, ...holdersOf(document, id).reverse()].flatMap((each) =>
    walked(each, (step) => edgesInto(document, step).map((edge) => edge.from)),
  );
}

/** Every step that this one leads to, near or far. */
export function stepsBehind(document: WorkflowDocument, id: string): string[] {
  return walked(id, (step) => edgesOutOf(document, step).map((edge) => edge.to));
}

/** Whether an edge may lead from one to the other: both stand beside each other, and it does not lead back. */
export function canLead(document: WorkflowDocument, from: string, to: string): boolean {
  return (
    from !== to &&
    holderOf(document, from) === holderOf(document, to) &&
    !stepsBehind(document, to).includes(from)
  );
}

/** The steps of a level as they are read from top to bottom: each behind what leads to it, a branch before what joins
 * it. */
export function readingOrder(level: Level): string[] {
  const waiting = new Map(level.steps.map((step) => [step.id, edgesInto(level, step.id).length]));
  const made: string[] = [];
  const placed = new Set<string>();
  const place = (id: string): void => {
    if (placed.has(id)) return;
    placed.add(id);
    made.push(id);
    for (const edge of byPort(edgesOutOf(level, id))) {
      const left = (waiting.get(edge.to) ?? 1) - 1;
      waiting.set(edge.to, left);
      if (left <= 0) place(edge.to);
    }
  };
  for (const id of firstSteps(level)) place(id);
  for (const step of level.steps) place(step.id); // Steps of a cycle.
  return made;
}

function byPort(edges: readonly Edge[]): Edge[] {
  return [...edges].sort((one, other) => Number(portOf(one) === "error") - Number(portOf(other) === "error"));
}

function walked(from: string, next: (step: string) => string[]): string[] {
  const found = new Set<string>();
  let level = [from];
  while (level.length > 0) {
    const reached: string[] = level.flatMap(next).filter((id) => !found.has(id));
    for (const id of reached) found.add(id);
    level = [...new Set(reached)];
  }
  return [...found];
}
