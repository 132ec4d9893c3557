/** Documents with steps inside of steps: where each stands, and changing one level of many. */

import { edgesOf } from "./types";
import type { Edge, Level, Step } from "./types";

export interface Placed {
  readonly step: Step;
  readonly level: Level;
  /** The step that it is inside of; "" at the top. */
  readonly holder: string;
}

interface Index {
  readonly steps: ReadonlyMap<string, Placed>;
  readonly edges: readonly Edge[];
  readonly into: ReadonlyMap<string, readonly Edge[]>;
  readonly out: ReadonlyMap<string, readonly Edge[]>;
}

const NO_EDGES: readonly Edge[] = [];
const EMPTY: Level = { steps: [], edges: [] };
const indexes = new WeakMap<Level, Index>();

/** Looked up often and changed rarely: made once for each state of the document. */
function indexOf(document: Level): Index {
  const held = indexes.get(document);
  if (held) return held;
  const steps = new Map<string, Placed>();
  const edges: Edge[] = [];
  const walk = (level: Level, holder: string): void => {
    edges.push(...edgesOf(level));
    for (const step of level.steps) {
      if (!steps.has(step.id)) steps.set(step.id, { step, level, holder });
      if (step.body) walk(step.body, step.id);
    }
  };
  walk(document, "");
  const made = {
    steps,
    edges,
    into: gathered(edges, (edge) => edge.to),
    out: gathered(edges, (edge) => edge.from),
  };
  indexes.set(document, made);
  return made;
}

function gathered(edges: readonly Edge[], by: (edge: Edge) => string): Map<string, Edge[]> {
  const made = new Map<string, Edge[]>();
  for (const edge of edges) {
    const held = made.get(by(edge));
    if (held) held.push(edge);
    else made.set(by(edge), [edge]);
  }
  return made;
}

export function stepOf(document: Level, id: string): Step | undefined {
  return indexOf(document).steps.get(id)?.step;
}

/** Every step, each before those inside of it. */
export function allSteps(document: Level): Step[] {
  return [...indexOf(document).steps.values()].map((each) => each.step);
}

export function allEdges(document: Level): readonly Edge[] {
  return indexOf(document).edges;
}

export function edgesInto(document: Level, id: string): readonly Edge[] {
  return indexOf(document).into.get(id) ?? NO_EDGES;
}

export function edgesOutOf(document: Level, id: string): readonly Edge[] {
  return indexOf(document).out.get(id) ?? NO_EDGES;
}

/** The step that this one is inside of; "" at the top, and for a step that is not there. */
export function holderOf(document: Level, id: string): string {
  return indexOf(document).steps.get(id)?.holder ?? "";
}

/** The steps that this one is inside of, the outermost first. */
export function holdersOf(document: Level, id: string): string[] {
  const made: string[] = [];
  for (let each = holderOf(document, id); each !== ""; each = holderOf(document, each)) made.unshift(each);
  return made;
}

/** The steps inside of one step, or those at the top. */
export function levelIn(document: Level, holder: string): Level {
  return holder === "" ? document : (stepOf(document, holder)?.body ?? EMPTY);
}

/** The steps beside this one, itself among them. */
export function levelOf(document: Level, id: string): Level {
  return levelIn(document, holderOf(document, id));
}

/** The document with one level changed: that inside of `holder`. */
export function changeLevel<Held extends Level>(
  document: Held,
  holder: string,
  change: <Some extends Level>(level: Some) => Some,
): Held {
  if (holder !== "" && !stepOf(document, holder)) return document;
  return along(document, holder === "" ? [] : [...holdersOf(document, holder), holder], change);
}

function along<Held extends Level>(
  level: Held,
  path: readonly string[],
  change: <Some extends Level>(level: Some) => Some,
): Held {
  const [next, ...rest] = path;
  if (next === undefined) return change(level);
  const held = level.steps.find((step) => step.id === next);
  if (!held) return level;
  const before = held.body ?? EMPTY;
  const body = along(before, rest, change);
  if (body === before) return level;
  return { ...level, steps: level.steps.map((step) => (step === held ? { ...step, body } : step)) };
}

/** Every step, also those inside of others, made anew. */
export function mapSteps<Held extends Level>(level: Held, change: (step: Step) => Step): Held {
  return {
    ...level,
    steps: level.steps.map((step) => {
      const made = change(step);
      return made.body ? { ...made, body: mapSteps(made.body, change) } : made;
    }),
  };
}

/** Every edge of every level made anew. */
export function mapEdges<Held extends Level>(level: Held, change: (edge: Edge) => Edge): Held {
  return {
    ...level,
    steps: level.steps.map((step) => (step.body ? { ...step, body: mapEdges(step.body, change) } : step)),
    ...(level.edges ? { edges: level.edges.map(change) } : {}),
  };
}
