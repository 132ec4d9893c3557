/** Places for steps, from left to right, so that no two cover each other. What is inside of a step is placed within its
 * frame, which is as large as that needs. */

import { Graph, layout as place } from "@dagrejs/dagre";

import { readingOrder } from "./graph";
import { edgesInto } from "./levels";
import { edgesOf } from "./types";
import type { Level, Point, Step, WorkflowDocument } from "./types";

export const STEP_WIDTH = 230;
export const HEAD_HEIGHT = 62;
export const PORT_HEIGHT = 24;
const GRID = 10;
/** Of more steps the careful layout would keep people waiting for seconds. */
const MOST_LAID_OUT = 300;
/** Within a frame: where its inside begins, and the room around it. */
export const INSIDE: Point = { x: 110, y: HEAD_HEIGHT + 24 };
const MARGIN = 30;
const EMPTY_INSIDE: Box = { width: 220, height: 70 };

export interface Box {
  readonly width: number;
  readonly height: number;
}

/** What decides how large a step is drawn: its ways out, and whether it is a frame around others. */
export interface Look {
  readonly ports: number;
  readonly isFrame: boolean;
}

export type Looks = (step: Step) => Look;
export type Places = Readonly<Record<string, Point>>;

export interface Arranged {
  /** Of all steps; of one in a frame from the inside of that. */
  readonly places: Record<string, Point>;
  readonly sizes: Record<string, Box>;
}

export function heightOf(ports: number): number {
  return HEAD_HEIGHT + Math.max(ports, 1) * PORT_HEIGHT;
}

/** Where all steps stand, and how large they are: where somebody put them, else where the layout would. `moved` is
 * where somebody drags them just now. */
export function arranged(level: Level, looks: Looks, moved: Places = {}): Arranged {
  const places: Record<string, Point> = {};
  const sizes: Record<string, Box> = {};
  for (const step of level.steps) {
    const { ports, isFrame } = looks(step);
    if (isFrame) {
      const inside = arranged(step.body ?? { steps: [] }, looks, moved);
      Object.assign(places, inside.places);
      Object.assign(sizes, inside.sizes);
      sizes[step.id] = frameAround(step.body?.steps ?? [], inside, ports);
    } else sizes[step.id] = { width: STEP_WIDTH, height: heightOf(ports) };
  }
  const laid = level.steps.every((step) => step.at) ? {} : laidOut(level, sizes);
  for (const { id, at } of level.steps) places[id] = moved[id] ?? at ?? laid[id] ?? { x: 0, y: 0 };
  return { places, sizes };
}

/** Places as if nobody had put a step anywhere. */
export function layout(document: WorkflowDocument, looks: Looks): Record<string, Point> {
  return arranged(unplaced(document), looks).places;
}

function unplaced(level: Level): Level {
  const steps = level.steps.map(({ at: _, ...step }) =>
    step.body ? { ...step, body: unplaced(step.body) } : step,
  );
  return { ...level, steps };
}

function frameAround(steps: readonly Step[], { places, sizes }: Arranged, ports: number): Box {
  let { width, height } = EMPTY_INSIDE;
  for (const { id } of steps) {
    const [at, size] = [places[id], sizes[id]];
    if (!at || !size) continue;
    width = Math.max(width, at.x + size.width);
    height = Math.max(height, at.y + size.height);
  }
  return {
    width: INSIDE.x + width + MARGIN,
    height: INSIDE.y + height + MARGIN + Math.max(ports, 1) * PORT_HEIGHT,
  };
}

function laidOut(level: Level, sizes: Readonly<Record<string, Box>>): Record<string, Point> {
  if (level.steps.length > MOST_LAID_OUT) return inColumns(level, sizes);
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 36, ranksep: 90, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of level.steps) graph.setNode(id, { ...sizes[id] });
  for (const edge of edgesOf(level)) {
    if (graph.hasNode(edge.from) && graph.hasNode(edge.to)) graph.setEdge(edge.from, edge.to);
  }
  place(graph);
  return Object.fromEntries(
    level.steps.map((step) => {
      const { x, y, width, height } = graph.node(step.id) as Point & Box;
      return [step.id, { x: onGrid(x - width / 2), y: onGrid(y - height / 2) }];
    }),
  );
}

/** Each step in the column behind those that lead to it: plainer, and at once. */
function inColumns(level: Level, sizes: Readonly<Record<string, Box>>): Record<string, Point> {
  const columns = new Map<string, number>();
  for (const id of readingOrder(level)) {
    const before = edgesInto(level, id).map((edge) => columns.get(edge.from) ?? -1);
    columns.set(id, Math.max(-1, ...before) + 1);
  }
  const widths: number[] = [];
  for (const [id, column] of columns) widths[column] = Math.max(widths[column] ?? 0, sizes[id]?.width ?? 0);
  let left = 0;
  const lefts = widths.map((width) => {
    left += width + 90;
    return left - width - 90;
  });
  const tops: number[] = [];
  const places: Record<string, Point> = {};
  for (const [id, column] of columns) {
    const y = tops[column] ?? 0;
    places[id] = { x: onGrid(lefts[column] ?? 0), y: onGrid(y) };
    tops[column] = y + (sizes[id]?.height ?? 0) + 36;
  }
  return places;
}

/** Where a new step stands: beside the one it follows, below what is there already. */
export function placeAfter(level: Level, { places, sizes }: Arranged, from: string | null): Point {
  const before = from === null ? undefined : places[from];
  const width = (from === null ? undefined : sizes[from]?.width) ?? STEP_WIDTH;
  const start = before ? { x: before.x + width + 90, y: before.y } : freeStart(level, places);
  const { x } = start;
  let { y } = start;
  const covered = (): boolean =>
    level.steps.some((step) => {
      const [held, size] = [places[step.id], sizes[step.id]];
      return (
        held !== undefined &&
        held.x < x + STEP_WIDTH &&
        x < held.x + (size?.width ?? STEP_WIDTH) &&
        held.y < y + 120 &&
        y < held.y + Math.max(size?.height ?? 0, 120)
      );
    });
  while (covered()) y += 140;
  return { x, y };
}

function freeStart(level: Level, places: Places): Point {
  const held = level.steps.flatMap((step) => places[step.id] ?? []);
  return held.length === 0 ? { x: 0, y: 0 } : { x: Math.min(...held.map((each) => each.x)), y: 0 };
}

function onGrid(value: number): number {
  return Math.round(value / GRID) * GRID;
}
