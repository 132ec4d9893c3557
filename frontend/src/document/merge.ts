/** Two people's drafts brought together, step by step. Nobody's step is dropped in silence. */

import { same } from "./diff";
import { allEdges, allSteps, holderOf } from "./levels";
import { ABOUT, edgeId, titleOf, triggersOf } from "./types";
import type { Edge, Json, Level, Step, WorkflowDocument } from "./types";

export interface Merged {
  readonly document: WorkflowDocument;
  /** What both changed, each otherwise; mine was taken. */
  readonly conflicts: readonly string[];
}

/** `base` is what both began with. */
export function merged(base: WorkflowDocument, mine: WorkflowDocument, theirs: WorkflowDocument): Merged {
  const conflicts: string[] = [];
  const lines = mergedItems(
    linesOf(base),
    linesOf(mine),
    linesOf(theirs),
    ({ step }) => step.id,
    ({ step }) => conflicts.push(titleOf(step)),
  );
  const triggers = mergedItems(
    triggersOf(base),
    triggersOf(mine),
    triggersOf(theirs),
    (each) => each.id,
    (each) => conflicts.push(`trigger ${each.id}`),
  );
  const edges = mergedItems(allEdges(base), allEdges(mine), allEdges(theirs), edgeId, () => undefined);
  const held: Record<string, unknown> = {
    ...theirs,
    ...mine,
    triggers,
    ...levelOf("", withHolders(lines, [...linesOf(mine), ...linesOf(theirs)]), edges),
  };
  for (const each of ABOUT) {
    const [was, my, their] = [base[each], mine[each], theirs[each]];
    const iChanged = !same(my, was);
    if (iChanged && !same(their, was) && !same(my, their)) conflicts.push(each);
    const value = iChanged ? my : their;
    if (value === undefined) Reflect.deleteProperty(held, each);
    else held[each] = value;
  }
  return { document: held as unknown as WorkflowDocument, conflicts };
}

/** A step without what is inside of it, and what it is inside of. */
interface Line {
  readonly holder: string;
  readonly hasBody: boolean;
  readonly step: Step;
}

function linesOf(document: WorkflowDocument): Line[] {
  return allSteps(document).map(({ body, ...step }) => ({
    holder: holderOf(document, step.id),
    hasBody: body !== undefined,
    step,
  }));
}

/** A step that stays keeps what it is inside of. */
function withHolders(lines: readonly Line[], known: readonly Line[]): Line[] {
  const made = [...lines];
  const held = new Set(made.map(({ step }) => step.id));
  for (let at = 0; at < made.length; at += 1) {
    const holder = made[at]?.holder ?? "";
    const missing =
      holder === "" || held.has(holder) ? undefined : known.find((each) => each.step.id === holder);
    if (missing) {
      held.add(holder);
      made.push(missing);
    }
  }
  return made;
}

function levelOf(holder: string, lines: readonly Line[], edges: readonly Edge[]): Level {
  const own = lines.filter((line) => line.holder === holder);
  const ids = new Set(own.map(({ step }) => step.id));
  return {
    steps: own.map(({ step, hasBody }) =>
      hasBody ? { ...step, body: levelOf(step.id, lines, edges) } : step,
    ),
    edges: edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)),
  };
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
