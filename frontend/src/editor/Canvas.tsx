import { ConnectionMode, Controls, MiniMap, ReactFlow, useReactFlow, useStore } from "@xyflow/react";
import type {
  Connection,
  EdgeChange,
  FitViewOptions,
  Node,
  NodeChange,
  ReactFlowInstance,
} from "@xyflow/react";
import "@xyflow/react/dist/style.css";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { DragEvent } from "react";

import { canLead } from "../document/graph";
import { arranged, INSIDE, STEP_WIDTH } from "../document/layout";
import { allEdges, allSteps, holderOf, holdersOf, stepOf } from "../document/levels";
import { edgeId, titleOf } from "../document/types";
import type { Point, Step, WorkflowDocument } from "../document/types";
import { t } from "../text";
import { looksIn } from "./catalog";
import type { Catalog } from "./catalog";
import { addables, stepFrom } from "./choices";
import { documentOf, useEditor, useEditorStore } from "./store";
import { edgesShown, nodesShown, placeOf, START } from "./drawing";
import { Dots } from "./Dots";
import { StartNode } from "./StartNode";
import { StepEdge } from "./StepEdge";
import { FrameNode, StepNode } from "./StepNode";
import { useTheme } from "./useTheme";

export const DRAGGED = "application/x-lockgate-step";
const NODE_TYPES = { step: StepNode, frame: FrameNode, start: StartNode };
const EDGE_TYPES = { step: StepEdge };
const FIT = { maxZoom: 1, padding: 0.2 };
/** A flow of more steps is opened at its beginning: all of it would be too small to read, and slow to draw. */
const MOST_FITTED = 120;
const FIRST_SHOWN = 24;

export function Canvas(): React.JSX.Element {
  const store = useEditorStore();
  const document = useEditor(documentOf);
  const catalog = useEditor((editor) => editor.catalog);
  const selected = useEditor((editor) => editor.selected);
  const selectedEdge = useEditor((editor) => editor.selectedEdge);
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  const flow = useReactFlow();
  const theme = useTheme();
  // While somebody drags, the places live here; letting go makes one operation of them.
  const [dragged, setDragged] = useState<Readonly<Record<string, Point>>>({});
  const still = useMemo(() => arranged(document, looksIn(catalog)), [document, catalog]);
  // A frame keeps its size while somebody drags, so that a step can be taken out of it.
  const places = useMemo(
    () => ({ places: { ...still.places, ...dragged }, sizes: still.sizes }),
    [still, dragged],
  );
  const nodes = useMemo(
    () => nodesShown(document, catalog, places, selected),
    [document, catalog, places, selected],
  );
  const onOwnView = useFitting(nodes);

  const edges = useMemo(
    () => edgesShown(document, selectedEdge ? edgeId(selectedEdge) : ""),
    [document, selectedEdge],
  );

  const onNodesChange = useCallback(
    (changes: NodeChange[]) => {
      const moves = changes.filter((change) => change.type === "position");
      if (moves.some((move) => move.dragging && move.position)) {
        setDragged((held) => ({
          ...held,
          ...Object.fromEntries(
            moves.flatMap(({ id, position }) => {
              const parentId = flow.getNode(id)?.parentId;
              return position ? [[id, placeOf({ position, parentId } as Node)]] : [];
            }),
          ),
        }));
      }
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
    [store, flow],
  );

  const onEdgesChange = useCallback(
    (changes: EdgeChange[]) => {
      for (const change of changes) {
        if (change.type !== "select") continue;
        const edge = allEdges(documentOf(store.getState())).find((each) => edgeId(each) === change.id);
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
      setDragged({});
      const { edit, announce, catalog: known, history } = store.getState();
      // The first step that somebody places fixes the places of all.
      const isPlaced = allSteps(history.present).every((step) => step.at);
      const to: Record<string, Point> = isPlaced ? {} : arranged(history.present, looksIn(known)).places;
      const own = moved.filter((node) => node.id !== START);
      for (const node of own) to[node.id] = within(placeOf(node), node.parentId);
      if (own.length === 0) return;
      const frame = frameUnder(flow, own, history.present);
      const first = own[0]?.id ?? "";
      if (frame === holderOf(history.present, first)) {
        edit({ type: "moveSteps", to });
        return;
      }
      const bad = own.map(({ id }) => stepOf(history.present, id)).find((each) => !fits(known, each, frame));
      if (bad) {
        announce(t("{title} cannot stand inside of another step.", { title: titleOf(bad) }));
        return;
      }
      const corner = frame === "" ? NOWHERE : insideOf(flow, frame);
      for (const { id } of own) {
        const at = flow.getInternalNode(id)?.internals.positionAbsolute ?? NOWHERE;
        to[id] = within({ x: at.x - corner.x, y: at.y - corner.y }, frame || undefined);
      }
      const gesture = `bring:${first}:${frame}`;
      if (!isPlaced)
        edit({ type: "moveSteps", to: arranged(history.present, looksIn(known)).places }, gesture);
      edit({ type: "bringInto", ids: own.map(({ id }) => id), into: frame, to }, gesture);
      const holder = stepOf(history.present, frame);
      announce(
        holder
          ? t("It stands inside of {title} now.", { title: titleOf(holder) })
          : t("It stands outside of the frame now."),
      );
    },
    [store, flow],
  );

  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    const item = addables(catalog).find((each) => each.id === event.dataTransfer.getData(DRAGGED));
    if (!item) return;
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    // The innermost frame under the pointer takes it.
    const frames = flow
      .getIntersectingNodes({ ...at, width: 1, height: 1 })
      .filter((node) => node.type === "frame");
    const into = item.fitsInside ? frames.at(-1)?.id : undefined;
    const corner = into === undefined ? undefined : flow.getInternalNode(into)?.internals.positionAbsolute;
    const from = corner ? { x: corner.x + INSIDE.x, y: corner.y + INSIDE.y } : { x: 0, y: 0 };
    const place = { x: at.x - from.x - STEP_WIDTH / 2, y: at.y - from.y - 30 };
    const inside = { x: Math.max(0, place.x), y: Math.max(0, place.y) };
    const step = stepFrom(item, catalog, document, into === undefined ? place : inside);
    store.getState().edit({ type: "addStep", step, ...(into === undefined ? {} : { into }) });
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
      onNodeClick={(event, { id }) => {
        if (event.shiftKey || event.ctrlKey || event.metaKey) return;
        if (id === START) store.setState({ side: "triggers" });
        else store.getState().open(id);
      }}
      isValidConnection={({ source, target }) => target !== START && canLead(document, source, target)}
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
      onlyRenderVisibleElements={nodes.length > 60}
      minZoom={0.1}
      fitView
      fitViewOptions={fitOf(nodes)}
      onMove={(event) => {
        if (event) onOwnView(true);
      }}
      colorMode={theme}
    >
      <Dots />
      <Controls
        showInteractive={false}
        fitViewOptions={FIT}
        onZoomIn={() => {
          onOwnView(true);
        }}
        onZoomOut={() => {
          onOwnView(true);
        }}
        onFitView={() => {
          onOwnView(false);
        }}
      />
      <MiniMap pannable zoomable ariaLabel={t("Overview of the workflow")} />
    </ReactFlow>
  );
}

const NOWHERE: Point = { x: 0, y: 0 };

/** What is inside of a frame does not stand on its head or left of it. */
function within({ x, y }: Point, frame: string | undefined): Point {
  return frame === undefined ? { x, y } : { x: Math.max(0, x), y: Math.max(0, y) };
}

function fits(catalog: Catalog, step: Step | undefined, frame: string): boolean {
  return frame === "" || (catalog.kinds.get(step?.kind ?? "")?.fits_inside ?? false);
}

/** Where the inside of a frame begins, on the canvas. */
function insideOf(flow: ReactFlowInstance, frame: string): Point {
  const { x, y } = flow.getInternalNode(frame)?.internals.positionAbsolute ?? NOWHERE;
  return { x: x + INSIDE.x, y: y + INSIDE.y };
}

/** The innermost frame over which the middle of what was dragged is; "" for none. */
function frameUnder(flow: ReactFlowInstance, moved: readonly Node[], document: WorkflowDocument): string {
  const node = flow.getInternalNode(moved[0]?.id ?? "");
  if (!node) return "";
  const ids = new Set(moved.map(({ id }) => id));
  const { x, y } = node.internals.positionAbsolute;
  const middle = { x: x + (node.width ?? 0) / 2, y: y + (node.height ?? 0) / 2, width: 1, height: 1 };
  const frames = flow
    .getIntersectingNodes(middle)
    .filter(
      ({ id, type }) => type === "frame" && ![id, ...holdersOf(document, id)].some((each) => ids.has(each)),
    )
    .sort((one, other) => holdersOf(document, one.id).length - holdersOf(document, other.id).length);
  return frames.at(-1)?.id ?? "";
}

function fitOf(nodes: readonly Node[]): FitViewOptions {
  if (nodes.length <= MOST_FITTED) return FIT;
  const outer = nodes.filter(({ parentId }) => parentId === undefined);
  outer.sort((one, other) => one.position.x - other.position.x || one.position.y - other.position.y);
  return { ...FIT, nodes: outer.slice(0, FIRST_SHOWN).map(({ id }) => ({ id })) };
}

/** Shows all steps again when there is one more, or when a panel takes room or gives it back, until somebody moves the
 * view themselves: then a new step is brought into it. */
function useFitting(nodes: readonly Node[]): (isOwn: boolean) => void {
  const count = nodes.length;
  const drawn = useRef(nodes);
  const store = useEditorStore();
  const { fitView, getInternalNode, setCenter, getZoom } = useReactFlow();
  const width = useStore((flow) => flow.width);
  const isOwn = useRef(false);
  const before = useRef(count);
  useEffect(() => {
    drawn.current = nodes;
  }, [nodes]);
  useEffect(() => {
    const isMore = count > before.current;
    before.current = count;
    if (width <= 0) return;
    if (!isOwn.current) void fitView(fitOf(drawn.current));
    else if (isMore) {
      const node = getInternalNode([...store.getState().selected][0] ?? "");
      if (!node) return;
      const { x, y } = node.internals.positionAbsolute;
      void setCenter(x + (node.width ?? 0) / 2, y + (node.height ?? 0) / 2, { zoom: getZoom() });
    }
  }, [width, count, fitView, getInternalNode, setCenter, getZoom, store]);
  return useCallback((is: boolean) => {
    isOwn.current = is;
  }, []);
}
