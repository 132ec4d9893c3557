/** What the canvas draws of a document: its steps and ways as the canvas's library wants them. */

import type { Edge as FlowEdge, Node } from "@xyflow/react";

import { firstSteps } from "../document/graph";
import { heightOf, STEP_WIDTH } from "../document/layout";
import { edgeId, edgesOf, portOf, triggersOf } from "../document/types";
import type { Point, Step, WorkflowDocument } from "../document/types";
import { portsIn } from "./catalog";
import type { Catalog } from "./catalog";

export const START = "@start";
const START_WIDTH = 190;
const NOWHERE: Point = { x: 0, y: 0 };

/** A step that did not change is the same object again, so that only what changed is drawn anew. */
const drawn = new WeakMap<Step, Node>();

export function nodesShown(
  document: WorkflowDocument,
  catalog: Catalog,
  places: Readonly<Record<string, Point>>,
  selected: ReadonlySet<string>,
): Node[] {
  const steps = document.steps.map((step): Node => {
    const place = places[step.id] ?? NOWHERE;
    const isSelected = selected.has(step.id);
    const height = heightOf(portsIn(catalog, step).length);
    const held = drawn.get(step);
    const { x, y } = held?.position ?? { x: NaN, y: NaN };
    if (held && x === place.x && y === place.y && held.selected === isSelected && held.height === height)
      return held;
    const made: Node = {
      id: step.id,
      type: "step",
      position: place,
      data: {},
      selected: isSelected,
      width: STEP_WIDTH,
      height,
    };
    drawn.set(step, made);
    return made;
  });
  const start: Node = {
    id: START,
    type: "start",
    position: startPlace(document, places),
    data: {},
    draggable: false,
    width: START_WIDTH,
    height: document.steps.length === 0 ? 110 : 66 + Math.max(0, triggersOf(document).length - 2) * 16,
  };
  return [start, ...steps];
}

export function edgesShown(document: WorkflowDocument, selected: string): FlowEdge[] {
  const made = edgesOf(document).map((edge): FlowEdge => {
    const id = edgeId(edge);
    const port = portOf(edge);
    return {
      id,
      type: "step",
      source: edge.from,
      sourceHandle: port,
      target: edge.to,
      targetHandle: "in",
      selected: id === selected,
      data: { port },
      ...(port === "error" ? { className: "error-way" } : {}),
    };
  });
  const begins = firstSteps(document).map((id): FlowEdge => ({
    id: `${START}:${id}`,
    source: START,
    target: id,
    targetHandle: "in",
    selectable: false,
    focusable: false,
    className: "start-way",
  }));
  return [...begins, ...made];
}

function startPlace(document: WorkflowDocument, places: Readonly<Record<string, Point>>): Point {
  const first = firstSteps(document).flatMap((id) => places[id] ?? []);
  if (first.length === 0) return { x: -280, y: 0 };
  return { x: Math.min(...first.map((each) => each.x)) - 280, y: Math.min(...first.map((each) => each.y)) };
}
