/** What leads where in a document. */

import { edgesOf, portOf } from "./types";
import type { Edge, WorkflowDocument } from "./types";

export function edgesInto(document: WorkflowDocument, id: string): Edge[] {
  return edgesOf(document).filter((edge) => edge.to === id);
}

export function edgesOutOf(document: WorkflowDocument, id: string): Edge[] {
  return edgesOf(document).filter((edge) => edge.from === id);
}

/** Steps that nothing leads to: they start at once. */
export function firstSteps(document: WorkflowDocument): string[] {
  const reached = new Set(edgesOf(document).map((edge) => edge.to));
  return document.steps.filter((step) => !reached.has(step.id)).map((step) => step.id);
}

/** Every step that leads to this one, near or far, nearest first: what its expressions may read. */
export function stepsBefore(document: WorkflowDocument, id: string): string[] {
  return walked(id, (step) => edgesInto(document, step).map((edge) => edge.from));
}

/** Every step that this one leads to, near or far. */
export function stepsBehind(document: WorkflowDocument, id: string): string[] {
  return walked(id, (step) => edgesOutOf(document, step).map((edge) => edge.to));
}

/** Whether an edge between the two would lead back to where it began. */
export function wouldCycle(document: WorkflowDocument, from: string, to: string): boolean {
  return from === to || stepsBehind(document, to).includes(from);
}

/** The steps as they are read from top to bottom: each behind what leads to it, a branch before what joins it. */
export function readingOrder(document: WorkflowDocument): string[] {
  const waiting = new Map(document.steps.map((step) => [step.id, edgesInto(document, step.id).length]));
  const made: string[] = [];
  const placed = new Set<string>();
  const place = (id: string): void => {
    if (placed.has(id)) return;
    placed.add(id);
    made.push(id);
    for (const edge of byPort(edgesOutOf(document, id))) {
      const left = (waiting.get(edge.to) ?? 1) - 1;
      waiting.set(edge.to, left);
      if (left <= 0) place(edge.to);
    }
  };
  for (const id of firstSteps(document)) place(id);
  for (const step of document.steps) place(step.id); // Steps of a cycle.
  return made;
}

function byPort(edges: Edge[]): Edge[] {
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
