/** What the canvas draws of a document: its steps and ways as the canvas's library wants them. */

import { Position } from "@xyflow/react";
import type { Edge as FlowEdge, Node, NodeHandle } from "@xyflow/react";

import { firstSteps } from "../document/graph";
import { HEAD_HEIGHT, INSIDE, PORT_HEIGHT } from "../document/layout";
import type { Arranged } from "../document/layout";
import { allEdges, allSteps } from "../document/levels";
import { edgeId, portOf, triggersOf } from "../document/types";
import type { Level, Point, Step, WorkflowDocument } from "../document/types";
import { isFrame, portsIn } from "./catalog";
import type { Catalog } from "./catalog";

export const START = "@start";
/** Where the steps inside of a frame begin. */
export const ITEM = "@item";
const START_WIDTH = 190;
const HANDLE = 12;
const BORDER = 1;
const NOWHERE: Point = { x: 0, y: 0 };

/** A step that did not change is the same object again, so that only what changed is drawn anew. */
const drawn = new WeakMap<Step, Node>();

export function nodesShown(
  document: WorkflowDocument,
  catalog: Catalog,
  { places, sizes }: Arranged,
  selected: ReadonlySet<string>,
): Node[] {
  const of = (level: Level, holder: string): Node[] =>
    level.steps.flatMap((step): Node[] => {
      const frame = isFrame(catalog, step);
      const made = nodeOf(
        step,
        holder,
        frame,
        places[step.id] ?? NOWHERE,
        sizes[step.id],
        selected.has(step.id),
        catalog,
      );
      return frame ? [made, ...of(step.body ?? { steps: [] }, step.id)] : [made];
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
  return [start, ...of(document, "")];
}

function nodeOf(
  step: Step,
  holder: string,
  frame: boolean,
  { x, y }: Point,
  { width, height }: { width: number; height: number } = { width: 0, height: 0 },
  selected: boolean,
  catalog: Catalog,
): Node {
  const at = holder === "" ? { x, y } : { x: x + INSIDE.x, y: y + INSIDE.y };
  const held = drawn.get(step);
  if (
    held?.position.x === at.x &&
    held.position.y === at.y &&
    held.selected === selected &&
    held.width === width &&
    held.height === height &&
    held.parentId === (holder || undefined)
  )
    return held;
  const made: Node = {
    id: step.id,
    type: frame ? "frame" : "step",
    position: at,
    data: {},
    selected,
    width,
    height,
    ...(holder === "" ? {} : { parentId: holder }),
    ...(frame ? {} : { measured: { width, height }, handles: handlesOf(step, width, height, catalog) }),
  };
  drawn.set(step, made);
  return made;
}

/** Where the ways leave and reach a step, as the style sheet has it. Told beforehand, a step that is out of view need
 * not be drawn to be measured. */
function handlesOf(step: Step, width: number, height: number, catalog: Catalog): NodeHandle[] {
  const half = HANDLE / 2;
  const into: NodeHandle = {
    id: "in",
    type: "target",
    position: Position.Left,
    x: -half,
    y: height / 2 - half,
    width: HANDLE,
    height: HANDLE,
  };
  const out = portsIn(catalog, step).map((port, at): NodeHandle => ({
    id: port,
    type: "source",
    position: Position.Right,
    x: width - BORDER - half,
    y: BORDER + HEAD_HEIGHT + (at + 0.5) * PORT_HEIGHT - half,
    width: HANDLE,
    height: HANDLE,
  }));
  return [into, ...out];
}

/** The place of a step in the document, of one that the canvas has moved. */
export function placeOf({ position, parentId }: Node): Point {
  return parentId === undefined ? position : { x: position.x - INSIDE.x, y: position.y - INSIDE.y };
}

export function edgesShown(document: WorkflowDocument, selected: string): FlowEdge[] {
  const made = allEdges(document).map((edge): FlowEdge => {
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
  const begins = (level: Level, source: string, sourceHandle: string | null): FlowEdge[] =>
    firstSteps(level).map((id) => ({
      id: `${START}:${id}`,
      source,
      sourceHandle,
      target: id,
      targetHandle: "in",
      selectable: false,
      focusable: false,
      className: "start-way",
    }));
  const inside = allSteps(document).flatMap((step) => (step.body ? begins(step.body, step.id, ITEM) : []));
  return [...begins(document, START, null), ...inside, ...made];
}

function startPlace(document: WorkflowDocument, places: Readonly<Record<string, Point>>): Point {
  const first = firstSteps(document).flatMap((id) => places[id] ?? []);
  if (first.length === 0) return { x: -280, y: 0 };
  return { x: Math.min(...first.map((each) => each.x)) - 280, y: Math.min(...first.map((each) => each.y)) };
}
