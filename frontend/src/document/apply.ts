/** The document after an operation. An operation that does not fit leaves it as it is. */

import {
  changeLevel,
  edgesInto,
  edgesOutOf,
  holderOf,
  holdersOf,
  levelOf,
  mapEdges,
  mapSteps,
  stepOf,
} from "./levels";
import { freeId, idFrom, renamedReads, stepIds } from "./names";
import type { AboutChange, Operation, StepChange } from "./operations";
import { edgesOf, portOf, sameEdge, triggersOf } from "./types";
import type { Edge, Level, Point, Step, WorkflowDocument } from "./types";

export function apply(document: WorkflowDocument, operation: Operation): WorkflowDocument {
  switch (operation.type) {
    case "addStep":
      return withStep(document, operation);
    case "paste":
      return pasted(document, operation);
    case "removeSteps":
      return operation.ids.reduce(withoutStep, document);
    case "moveSteps":
      return mapSteps(document, (step) => moved(step, operation.to[step.id]));
    case "bringInto":
      return brought(document, operation);
    case "changeStep":
      return changeLevel(document, holderOf(document, operation.id), (level) =>
        withStepChanged(level, operation.id, (step) => changed(step, operation.change)),
      );
    case "renameStep":
      return renamed(document, operation.id, operation.to);
    case "reorderStep":
      return changeLevel(document, holderOf(document, operation.id), (level) =>
        reordered(level, operation.id, operation.before),
      );
    case "connect":
      return changeLevel(document, holderOf(document, operation.edge.from), (level) =>
        connected(level, operation.edge),
      );
    case "disconnect":
      return operation.edges.reduce(
        (made, edge) =>
          changeLevel(made, holderOf(made, edge.from), (level) =>
            withoutEdges(level, (each) => sameEdge(each, edge)),
          ),
        document,
      );
    case "addTrigger":
      return { ...document, triggers: [...triggersOf(document), operation.trigger] };
    case "changeTrigger":
      return {
        ...document,
        triggers: triggersOf(document).map((each) =>
          each.id === operation.id ? { ...each, settings: operation.settings } : each,
        ),
      };
    case "removeTrigger":
      return { ...document, triggers: triggersOf(document).filter((each) => each.id !== operation.id) };
    case "describe":
      return changed(document, operation.change);
    case "replace":
      return operation.document;
    default:
      return unreachable(operation);
  }
}

function withStep(
  document: WorkflowDocument,
  { step, after, on, port, into = "" }: Extract<Operation, { type: "addStep" }>,
): WorkflowDocument {
  if (stepOf(document, step.id)) return document;
  const beside = on?.from ?? after?.from;
  const holder = beside === undefined ? into : holderOf(document, beside);
  return changeLevel(document, holder, (level) => {
    const added = { ...level, steps: [...level.steps, step] };
    if (on && edgesOf(level).some((edge) => sameEdge(edge, on))) {
      const cut = withoutEdges(added, (edge) => sameEdge(edge, on));
      const made = connected(cut, { ...on, to: step.id });
      return port === undefined ? made : connected(made, { from: step.id, port, to: on.to });
    }
    return after ? connected(added, { from: after.from, port: after.port, to: step.id }) : added;
  });
}

function pasted(
  document: WorkflowDocument,
  { steps, edges, by, into = "" }: Extract<Operation, { type: "paste" }>,
): WorkflowDocument {
  const taken = stepIds(document);
  const ids = new Map<string, string>();
  for (const id of stepIds({ steps })) {
    const free = freeId(id, taken);
    taken.add(free);
    ids.set(id, free);
  }
  const within = { steps, edges: edges.filter((edge) => ids.has(edge.from) && ids.has(edge.to)) };
  const made = withIds(within, ids);
  const placed = made.steps.map((step) =>
    step.at ? { ...step, at: { x: step.at.x + by.x, y: step.at.y + by.y } } : step,
  );
  return changeLevel(document, into, (level) => ({
    ...level,
    steps: [...level.steps, ...placed],
    edges: [...edgesOf(level), ...edgesOf(made)],
  }));
}

function withoutStep(document: WorkflowDocument, id: string): WorkflowDocument {
  const into = edgesInto(document, id).filter((edge) => edge.from !== id);
  const out = edgesOutOf(document, id).filter((edge) => edge.to !== id);
  return changeLevel(document, holderOf(document, id), (level) => {
    const left = withoutEdges(
      { ...level, steps: level.steps.filter((step) => step.id !== id) },
      (edge) => edge.from === id || edge.to === id,
    );
    const [before, after] = [into[0], out[0]];
    const stoodBetween = into.length === 1 && out.length === 1 && before && after;
    return stoodBetween ? connected(left, { ...before, to: after.to }) : left;
  });
}

function brought(
  document: WorkflowDocument,
  { ids, into, to }: Extract<Operation, { type: "bringInto" }>,
): WorkflowDocument {
  const [first = ""] = ids;
  const from = levelOf(document, first);
  const around = new Set([...holdersOf(document, into), into]);
  const steps = from.steps.filter((step) => ids.includes(step.id) && !around.has(step.id));
  if (steps.length === 0 || (into !== "" && !stepOf(document, into))) return document;
  if (holderOf(document, first) === into) return document;
  const going = new Set(steps.map((step) => step.id));
  const among = edgesOf(from).filter((edge) => going.has(edge.from) && going.has(edge.to));
  const left = [...going].reduce(withoutStep, document);
  return changeLevel(left, into, (level) => ({
    ...level,
    steps: [...level.steps, ...steps.map((step) => moved(step, to[step.id]))],
    edges: [...edgesOf(level), ...among],
  }));
}

function renamed(document: WorkflowDocument, id: string, wanted: string): WorkflowDocument {
  const to = idFrom(wanted);
  if (to === id || !stepOf(document, id) || stepIds(document).has(to)) return document;
  return withIds(document, new Map([[id, to]]));
}

/** Steps are called otherwise; edges and expressions follow. */
function withIds<Held extends Level>(level: Held, ids: ReadonlyMap<string, string>): Held {
  const named = mapSteps(level, (step) => ({ ...reading(step, ids), id: ids.get(step.id) ?? step.id }));
  return mapEdges(named, (edge) => ({
    ...edge,
    from: ids.get(edge.from) ?? edge.from,
    to: ids.get(edge.to) ?? edge.to,
  }));
}

function reordered<Held extends Level>(level: Held, id: string, before: string | null): Held {
  const step = level.steps.find((each) => each.id === id);
  if (!step || id === before) return level;
  const others = level.steps.filter((each) => each.id !== id);
  const place = before === null ? others.length : others.findIndex((each) => each.id === before);
  return place < 0 ? level : { ...level, steps: [...others.slice(0, place), step, ...others.slice(place)] };
}

function connected<Held extends Level>(level: Held, edge: Edge): Held {
  const isHere = (id: string): boolean => level.steps.some((step) => step.id === id);
  const fits = edge.from !== edge.to && isHere(edge.from) && isHere(edge.to);
  if (!fits || edgesOf(level).some((each) => sameEdge(each, edge))) return level;
  const port = portOf(edge);
  const made: Edge = { from: edge.from, to: edge.to, ...(port === "ok" ? {} : { port }) };
  return { ...level, edges: [...edgesOf(level), made] };
}

function withoutEdges<Held extends Level>(level: Held, drop: (edge: Edge) => boolean): Held {
  return { ...level, edges: edgesOf(level).filter((edge) => !drop(edge)) };
}

function withStepChanged<Held extends Level>(level: Held, id: string, change: (step: Step) => Step): Held {
  return { ...level, steps: level.steps.map((step) => (step.id === id ? change(step) : step)) };
}

function changed<Held extends Step | WorkflowDocument>(held: Held, change: StepChange | AboutChange): Held {
  const made: Record<string, unknown> = { ...held };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) Reflect.deleteProperty(made, name);
    else made[name] = value;
  }
  return made as unknown as Held;
}

function moved(step: Step, to: Point | undefined): Step {
  return to ? { ...step, at: { x: Math.round(to.x), y: Math.round(to.y) } } : step;
}

function reading(step: Step, ids: ReadonlyMap<string, string>): Step {
  return {
    ...step,
    ...(step.input ? { input: renamedReads(step.input, ids) } : {}),
    ...(step.settings ? { settings: renamedReads(step.settings, ids) } : {}),
  };
}

function unreachable(operation: never): never {
  throw new Error(`There is no operation ${JSON.stringify(operation)}.`);
}
