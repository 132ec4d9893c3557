import {
  applyNodeChanges,
  Background,
  ConnectionMode,
  Controls,
  MiniMap,
  ReactFlow,
  useReactFlow,
} from "@xyflow/react";
import type { Connection, Edge as FlowEdge, EdgeChange, Node, NodeChange } from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { DragEvent } from "react";

import { firstSteps, wouldCycle } from "../document/graph";
import { heightOf, placesOf, STEP_WIDTH } from "../document/layout";
import { edgeId, edgesOf, portOf } from "../document/types";
import type { Point, WorkflowDocument } from "../document/types";
import { portsIn } from "./catalog";
import { addables, stepFrom } from "./choices";
import { documentOf, useEditor, useEditorStore } from "./store";
import { StartNode } from "./StartNode";
import { StepEdge } from "./StepEdge";
import { StepNode } from "./StepNode";

export const START = "@start";
export const DRAGGED = "application/x-lockgate-step";
const NODE_TYPES = { step: StepNode, start: StartNode };
const EDGE_TYPES = { step: StepEdge };

export function Canvas(): React.JSX.Element {
  const store = useEditorStore();
  const document = useEditor(documentOf);
  const catalog = useEditor((editor) => editor.catalog);
  const selected = useEditor((editor) => editor.selected);
  const selectedEdge = useEditor((editor) => editor.selectedEdge);
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  const flow = useReactFlow();
  const places = useMemo(
    () => placesOf(document, (step) => portsIn(catalog, step).length),
    [document, catalog],
  );
  const [nodes, setNodes] = useState<Node[]>([]);

  useEffect(() => {
    setNodes((held) => nodesOf(document, places, selected, held));
  }, [document, places, selected]);

  const edges = useMemo(
    () => edgesShown(document, selectedEdge ? edgeId(selectedEdge) : ""),
    [document, selectedEdge],
  );

  const onNodesChange = useCallback(
    (changes: NodeChange[]) => {
      setNodes((held) =>
        applyNodeChanges(
          changes.filter((each) => each.type !== "remove"),
          held,
        ),
      );
      const chosen = changes.filter((change) => change.type === "select");
      if (chosen.length === 0) return;
      const next = new Set(store.getState().selected);
      for (const { id, selected: isSelected } of chosen) {
        if (id === START) continue;
        if (isSelected) next.add(id);
        else next.delete(id);
      }
      store.getState().select([...next]);
      if (chosen.some((each) => each.id === START && each.selected)) store.setState({ side: "triggers" });
    },
    [store],
  );

  const onEdgesChange = useCallback(
    (changes: EdgeChange[]) => {
      for (const change of changes) {
        if (change.type !== "select") continue;
        const edge = edgesOf(documentOf(store.getState())).find((each) => edgeId(each) === change.id);
        const held = store.getState().selectedEdge;
        if (change.selected && edge) store.getState().selectEdge(edge);
        else if (held && edgeId(held) === change.id) store.setState({ selectedEdge: null });
      }
    },
    [store],
  );

  const onConnect = useCallback(
    ({ source, sourceHandle, target }: Connection) => {
      if (source === START) return;
      store
        .getState()
        .edit({ type: "connect", edge: { from: source, port: sourceHandle ?? "ok", to: target } });
    },
    [store],
  );

  const onMoved = useCallback(
    (_: unknown, __: unknown, moved: Node[]) => {
      const { edit, catalog: known, history } = store.getState();
      // The first step that somebody places fixes the places of all.
      const isPlaced = history.present.steps.every((step) => step.at);
      const to: Record<string, Point> = isPlaced
        ? {}
        : placesOf(history.present, (step) => portsIn(known, step).length);
      const own = moved.filter((node) => node.id !== START);
      for (const node of own) to[node.id] = node.position;
      if (own.length > 0) edit({ type: "moveSteps", to });
    },
    [store],
  );

  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    const item = addables(catalog).find((each) => each.id === event.dataTransfer.getData(DRAGGED));
    if (!item) return;
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const step = stepFrom(item, catalog, document, { x: at.x - STEP_WIDTH / 2, y: at.y - 30 });
    store.getState().edit({ type: "addStep", step });
    store.getState().open(step.id);
  };

  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      onConnect={onConnect}
      onConnectEnd={(_, state) => {
        // Let go over nothing: the palette asks what is to follow.
        const from = state.fromHandle;
        if (!state.toNode && from?.type === "source" && from.nodeId !== START) {
          store.getState().add({ kind: "after", from: from.nodeId, port: from.id ?? "ok" });
        }
      }}
      isValidConnection={({ source, target }) => target !== START && !wouldCycle(document, source, target)}
      onNodeDragStop={onMoved}
      onSelectionDragStop={(_, moved) => {
        onMoved(_, _, moved);
      }}
      onDragOver={(event) => {
        event.preventDefault();
      }}
      onDrop={onDrop}
      nodesDraggable={mayEdit}
      nodesConnectable={mayEdit}
      connectionMode={ConnectionMode.Strict}
      deleteKeyCode={null}
      multiSelectionKeyCode={["Shift", "Meta", "Control"]}
      selectNodesOnDrag={false}
      onlyRenderVisibleElements={document.steps.length > 60}
      minZoom={0.1}
      fitView
      fitViewOptions={{ maxZoom: 1, padding: 0.2 }}
      colorMode="system"
    >
      <Background gap={20} />
      <Controls showInteractive={false} />
      <MiniMap pannable zoomable ariaLabel="Overview of the workflow" />
    </ReactFlow>
  );

  function nodesOf(
    shown: WorkflowDocument,
    at: Record<string, Point>,
    chosen: ReadonlySet<string>,
    held: readonly Node[],
  ): Node[] {
    const before = new Map(held.map((node) => [node.id, node]));
    const made = shown.steps.map((step): Node => {
      const old = before.get(step.id);
      return {
        ...(old?.measured ? { measured: old.measured } : {}),
        id: step.id,
        type: "step",
        position: at[step.id] ?? { x: 0, y: 0 },
        data: {},
        selected: chosen.has(step.id),
        width: STEP_WIDTH,
        height: heightOf(portsIn(catalog, step).length),
      };
    });
    const start = before.get(START);
    made.unshift({
      ...(start?.measured ? { measured: start.measured } : {}),
      id: START,
      type: "start",
      position: startPlace(shown, at),
      data: {},
      draggable: false,
      deletable: false,
      width: 190,
    });
    return made;
  }
}

function startPlace(document: WorkflowDocument, places: Record<string, Point>): Point {
  const first = firstSteps(document).flatMap((id) => places[id] ?? []);
  if (first.length === 0) return { x: -280, y: 0 };
  return { x: Math.min(...first.map((each) => each.x)) - 280, y: Math.min(...first.map((each) => each.y)) };
}

function edgesShown(document: WorkflowDocument, selected: string): FlowEdge[] {
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
