/** The document after an operation. An operation that does not fit leaves it as it is. */

import { freeId, idFrom, renamedReads, stepIds } from "./names";
import type { Operation, StepChange } from "./operations";
import { edgesOf, portOf, sameEdge, stepOf, triggersOf } from "./types";
import type { Edge, Point, Step, WorkflowDocument } from "./types";

export function apply(document: WorkflowDocument, operation: Operation): WorkflowDocument {
  switch (operation.type) {
    case "addStep":
      return withStep(document, operation);
    case "paste":
      return pasted(document, operation.steps, operation.edges, operation.by);
    case "removeSteps":
      return withoutSteps(document, new Set(operation.ids));
    case "moveSteps":
      return { ...document, steps: document.steps.map((step) => moved(step, operation.to[step.id])) };
    case "changeStep":
      return changeStep(document, operation.id, (step) => changed(step, operation.change));
    case "renameStep":
      return renamed(document, operation.id, operation.to);
    case "reorderStep":
      return reordered(document, operation.id, operation.before);
    case "connect":
      return connected(document, operation.edge);
    case "disconnect":
      return withoutEdges(document, (edge) => operation.edges.some((each) => sameEdge(each, edge)));
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
      return {
        ...document,
        ...(operation.name === undefined ? {} : { name: operation.name }),
        ...(operation.description === undefined ? {} : { description: operation.description }),
      };
    case "replace":
      return operation.document;
    default:
      return unreachable(operation);
  }
}

function withStep(
  document: WorkflowDocument,
  { step, after, on, port }: Extract<Operation, { type: "addStep" }>,
): WorkflowDocument {
  if (stepOf(document, step.id)) return document;
  const added = { ...document, steps: [...document.steps, step] };
  if (on && edgesOf(document).some((edge) => sameEdge(edge, on))) {
    const cut = withoutEdges(added, (edge) => sameEdge(edge, on));
    const into = connected(cut, { ...on, to: step.id });
    return port === undefined ? into : connected(into, { from: step.id, port, to: on.to });
  }
  return after ? connected(added, { from: after.from, port: after.port, to: step.id }) : added;
}

function pasted(
  document: WorkflowDocument,
  steps: readonly Step[],
  edges: readonly Edge[],
  by: Point,
): WorkflowDocument {
  const taken = stepIds(document);
  const ids = new Map<string, string>();
  for (const step of steps) {
    const id = freeId(step.id, taken);
    taken.add(id);
    ids.set(step.id, id);
  }
  const added = steps.map((step) => ({
    ...reading(step, ids),
    id: ids.get(step.id) ?? step.id,
    ...(step.at ? { at: { x: step.at.x + by.x, y: step.at.y + by.y } } : {}),
  }));
  const joined = edges.flatMap((edge) => {
    const from = ids.get(edge.from);
    const to = ids.get(edge.to);
    return from === undefined || to === undefined ? [] : [{ ...edge, from, to }];
  });
  return { ...document, steps: [...document.steps, ...added], edges: [...edgesOf(document), ...joined] };
}

function withoutSteps(document: WorkflowDocument, ids: ReadonlySet<string>): WorkflowDocument {
  let made = document;
  for (const id of ids) made = withoutStep(made, id);
  return made;
}

function withoutStep(document: WorkflowDocument, id: string): WorkflowDocument {
  const into = edgesOf(document).filter((edge) => edge.to === id && edge.from !== id);
  const out = edgesOf(document).filter((edge) => edge.from === id && edge.to !== id);
  const left = withoutEdges(
    { ...document, steps: document.steps.filter((step) => step.id !== id) },
    (edge) => edge.from === id || edge.to === id,
  );
  const [before, after] = [into[0], out[0]];
  const stoodBetween = into.length === 1 && out.length === 1 && before && after;
  return stoodBetween ? connected(left, { ...before, to: after.to }) : left;
}

function renamed(document: WorkflowDocument, id: string, wanted: string): WorkflowDocument {
  const to = idFrom(wanted);
  if (to === id || !stepOf(document, id) || stepIds(document).has(to)) return document;
  const ids = new Map([[id, to]]);
  return {
    ...document,
    steps: document.steps.map((step) => {
      const made = reading(step, ids);
      return step.id === id ? { ...made, id: to } : made;
    }),
    edges: edgesOf(document).map((edge) => ({
      ...edge,
      from: ids.get(edge.from) ?? edge.from,
      to: ids.get(edge.to) ?? edge.to,
    })),
  };
}

function reordered(document: WorkflowDocument, id: string, before: string | null): WorkflowDocument {
  const step = stepOf(document, id);
  if (!step || id === before) return document;
  const others = document.steps.filter((each) => each.id !== id);
  const place = before === null ? others.length : others.findIndex((each) => each.id === before);
  return place < 0
    ? document
    : { ...document, steps: [...others.slice(0, place), step, ...others.slice(place)] };
}

function connected(document: WorkflowDocument, edge: Edge): WorkflowDocument {
  const fits = edge.from !== edge.to && stepOf(document, edge.from) && stepOf(document, edge.to);
  if (!fits || edgesOf(document).some((each) => sameEdge(each, edge))) return document;
  const port = portOf(edge);
  const made: Edge = { from: edge.from, to: edge.to, ...(port === "ok" ? {} : { port }) };
  return { ...document, edges: [...edgesOf(document), made] };
}

function withoutEdges(document: WorkflowDocument, drop: (edge: Edge) => boolean): WorkflowDocument {
  return { ...document, edges: edgesOf(document).filter((edge) => !drop(edge)) };
}

function changeStep(document: WorkflowDocument, id: string, change: (step: Step) => Step): WorkflowDocument {
  return { ...document, steps: document.steps.map((step) => (step.id === id ? change(step) : step)) };
}

function changed(step: Step, change: StepChange): Step {
  const made: Record<string, unknown> = { ...step };
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) Reflect.deleteProperty(made, name);
    else made[name] = value;
  }
  return made as unknown as Step;
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
