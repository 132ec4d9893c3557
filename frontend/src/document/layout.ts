/** Places for steps, from left to right, so that no two cover each other. */

import { Graph, layout as place } from "@dagrejs/dagre";

import { edgesOf } from "./types";
import type { Point, Step, WorkflowDocument } from "./types";

export const STEP_WIDTH = 230;
const HEAD_HEIGHT = 62;
const PORT_HEIGHT = 24;
const GRID = 10;

export function heightOf(ports: number): number {
  return HEAD_HEIGHT + Math.max(ports, 1) * PORT_HEIGHT;
}

/** A place for each step. `portsOf` says how many ways out a step has: it is as high as they need. */
export function layout(document: WorkflowDocument, portsOf: (step: Step) => number): Record<string, Point> {
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 36, ranksep: 90, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const step of document.steps) {
    graph.setNode(step.id, { width: STEP_WIDTH, height: heightOf(portsOf(step)) });
  }
  for (const edge of edgesOf(document)) {
    if (graph.hasNode(edge.from) && graph.hasNode(edge.to)) graph.setEdge(edge.from, edge.to);
  }
  place(graph);
  return Object.fromEntries(
    document.steps.map((step) => {
      const { x, y, width, height } = graph.node(step.id) as {
        x: number;
        y: number;
        width: number;
        height: number;
      };
      return [step.id, { x: onGrid(x - width / 2), y: onGrid(y - height / 2) }];
    }),
  );
}

/** The places of all steps: where somebody put them, else where the layout would. */
export function placesOf(document: WorkflowDocument, portsOf: (step: Step) => number): Record<string, Point> {
  const missing = document.steps.some((step) => !step.at);
  const laid = missing ? layout(document, portsOf) : {};
  return Object.fromEntries(
    document.steps.map((step) => [step.id, step.at ?? laid[step.id] ?? { x: 0, y: 0 }]),
  );
}

/** Where a new step stands: beside the one it follows, below what is there already. */
export function placeAfter(
  document: WorkflowDocument,
  places: Record<string, Point>,
  from: string | null,
): Point {
  const before = from === null ? undefined : places[from];
  const start = before ? { x: before.x + STEP_WIDTH + 90, y: before.y } : freeStart(places);
  const { x } = start;
  let { y } = start;
  const covered = (): boolean =>
    document.steps.some((step) => {
      const place = places[step.id];
      return place !== undefined && Math.abs(place.x - x) < STEP_WIDTH && Math.abs(place.y - y) < 120;
    });
  while (covered()) y += 140;
  return { x, y };
}

function freeStart(places: Record<string, Point>): Point {
  const held = Object.values(places);
  return held.length === 0 ? { x: 0, y: 0 } : { x: Math.min(...held.map((each) => each.x)), y: 0 };
}

function onGrid(value: number): number {
  return Math.round(value / GRID) * GRID;
}
