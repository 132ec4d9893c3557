/** What differs between two documents, as people speak of it: steps added, removed, changed, and in which fields. */

import { allEdges, allSteps, holderOf } from "./levels";
import { ABOUT, edgeId, titleOf, triggersOf } from "./types";
import type { Json, Step, WorkflowDocument } from "./types";

export interface FieldChange {
  /** Such as "input/to". */
  readonly field: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

export interface StepDifference {
  readonly id: string;
  readonly title: string;
  readonly kind: "added" | "removed" | "changed";
  readonly fields: readonly FieldChange[];
  /** As it is now, or was last. */
  readonly step: Step;
}

/** A way from one step to another, by what people call them. */
export interface Way {
  readonly from: string;
  readonly port: string;
  readonly to: string;
}

export interface Difference {
  readonly steps: readonly StepDifference[];
  readonly edgesAdded: readonly Way[];
  readonly edgesRemoved: readonly Way[];
  readonly triggers: readonly FieldChange[];
  readonly about: readonly FieldChange[];
}

export function difference(before: WorkflowDocument, after: WorkflowDocument): Difference {
  const old = new Map(allSteps(before).map((step) => [step.id, step]));
  const now = new Map(allSteps(after).map((step) => [step.id, step]));
  const steps: StepDifference[] = [];
  for (const step of now.values()) {
    const was = old.get(step.id);
    const shown = { id: step.id, title: titleOf(step), step };
    if (!was) steps.push({ ...shown, kind: "added", fields: [] });
    else {
      const [from, to] = [holderOf(before, step.id), holderOf(after, step.id)];
      const moved = from === to ? [] : [{ field: "inside", before: from, after: to }];
      const fields = [...moved, ...changesBetween(withoutPlace(was), withoutPlace(step))];
      if (fields.length > 0) steps.push({ ...shown, kind: "changed", fields });
    }
  }
  for (const step of old.values()) {
    if (!now.has(step.id))
      steps.push({ id: step.id, title: titleOf(step), kind: "removed", fields: [], step });
  }
  const edgesBefore = new Set(allEdges(before).map(edgeId));
  const edgesAfter = new Set(allEdges(after).map(edgeId));
  return {
    steps,
    edgesAdded: [...edgesAfter].filter((edge) => !edgesBefore.has(edge)).map((edge) => wayOf(edge, now)),
    edgesRemoved: [...edgesBefore].filter((edge) => !edgesAfter.has(edge)).map((edge) => wayOf(edge, old)),
    triggers: changesBetween(byId(triggersOf(before)), byId(triggersOf(after))),
    about: changesBetween(about(before), about(after)),
  };
}

export function isSame({ steps, edgesAdded, edgesRemoved, triggers, about }: Difference): boolean {
  return [steps, edgesAdded, edgesRemoved, triggers, about].every((each) => each.length === 0);
}

/** The smallest fields that differ. Lists of other lengths are compared whole. */
export function changesBetween(before: Json | undefined, after: Json | undefined, field = ""): FieldChange[] {
  if (same(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      changesBetween(before[name], after[name], field ? `${field}/${name}` : name),
    );
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    const held = after as readonly Json[];
    return (before as readonly Json[]).flatMap((each, at) =>
      changesBetween(each, held[at], `${field}/${String(at)}`),
    );
  }
  return [{ field, before, after }];
}

/** Equal, whatever the order of names in objects. */
export function same(one: Json | undefined, other: Json | undefined): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    const held = other as readonly Json[];
    return one.length === held.length && (one as readonly Json[]).every((each, at) => same(each, held[at]));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => name in other && same(one[name], other[name]))
  );
}

function isObject(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** What is inside of a step is compared by itself. */
function withoutPlace(step: Step): Json {
  const { at: _at, body: _body, ...held } = step;
  return held as unknown as Json;
}

/** What is not said is empty text, so that it can be told what it was and is. */
function about(document: WorkflowDocument): Json {
  return Object.fromEntries(ABOUT.map((name) => [name, document[name] ?? ""]));
}

function byId(triggers: readonly { readonly id: string }[]): Json {
  return Object.fromEntries(triggers.map((each) => [each.id, each as unknown as Json]));
}

function wayOf(edge: string, steps: ReadonlyMap<string, Step>): Way {
  const [from = "", port = "", to = ""] = edge.split(":");
  const called = (id: string): string => {
    const step = steps.get(id);
    return step ? titleOf(step) : id;
  };
  return { from: called(from), port, to: called(to) };
}
