/** Two people's drafts brought together, step by step. Nobody's step is dropped in silence. */

import { same } from "./diff";
import { edgeId, edgesOf, titleOf, triggersOf } from "./types";
import type { Json, WorkflowDocument } from "./types";

export interface Merged {
  readonly document: WorkflowDocument;
  /** What both changed, each otherwise; mine was taken. */
  readonly conflicts: readonly string[];
}

/** `base` is what both began with. */
export function merged(base: WorkflowDocument, mine: WorkflowDocument, theirs: WorkflowDocument): Merged {
  const conflicts: string[] = [];
  const steps = mergedItems(
    base.steps,
    mine.steps,
    theirs.steps,
    (step) => step.id,
    (step) => conflicts.push(titleOf(step)),
  );
  const triggers = mergedItems(
    triggersOf(base),
    triggersOf(mine),
    triggersOf(theirs),
    (each) => each.id,
    (each) => conflicts.push(`trigger ${each.id}`),
  );
  const ids = new Set(steps.map((step) => step.id));
  const edges = mergedItems(edgesOf(base), edgesOf(mine), edgesOf(theirs), edgeId, () => undefined).filter(
    (edge) => ids.has(edge.from) && ids.has(edge.to),
  );
  const name = mine.name === base.name ? theirs.name : mine.name;
  const description = mine.description === base.description ? theirs.description : mine.description;
  const { description: _, ...rest } = { ...theirs, ...mine };
  const document = {
    ...rest,
    name,
    ...(description === undefined ? {} : { description }),
    triggers,
    steps,
    edges,
  };
  return { document, conflicts };
}

function mergedItems<Item extends object>(
  base: readonly Item[],
  mine: readonly Item[],
  theirs: readonly Item[],
  idOf: (item: Item) => string,
  onConflict: (item: Item) => void,
): Item[] {
  const before = new Map(base.map((item) => [idOf(item), item]));
  const other = new Map(theirs.map((item) => [idOf(item), item]));
  const made: Item[] = [];
  for (const item of mine) {
    const id = idOf(item);
    const [was, their] = [before.get(id), other.get(id)];
    const iChanged = !was || !equal(was, item);
    if (!their) {
      // They removed it, or never had it: it stays when I made or changed it.
      if (iChanged) made.push(item);
      if (iChanged && was) onConflict(item);
    } else if (!iChanged) made.push(their);
    else {
      if (!equal(their, item) && !(was && equal(was, their))) onConflict(item);
      made.push(item);
    }
  }
  const own = new Set(mine.map(idOf));
  for (const item of theirs) {
    const id = idOf(item);
    if (own.has(id)) continue;
    const was = before.get(id);
    // I removed it: it comes back only when they changed it.
    if (!was) made.push(item);
    else if (!equal(was, item)) {
      onConflict(item);
      made.push(item);
    }
  }
  return made;
}

function equal(one: object, other: object): boolean {
  return same(one as Json, other as Json);
}
