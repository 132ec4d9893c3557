/** What workflows can be made of here: kinds, actions and connections, looked up by name. */

import type { Looks } from "../document/layout";
import { portsOf } from "../document/ports";
import type { Step } from "../document/types";
import type {
  Action,
  Connection,
  Connector,
  Entry,
  Reconcile,
  Schema,
  StepKind,
  TriggerKind,
  WorkflowName,
} from "../api/shapes";
import type { Hub } from "../api/hub";
import type { Page } from "../api/shapes";
import { said, t } from "../text";

export interface Catalog {
  readonly kinds: ReadonlyMap<string, StepKind>;
  readonly triggers: ReadonlyMap<string, TriggerKind>;
  readonly actions: ReadonlyMap<string, Action>;
  readonly eventSources: ReadonlyMap<string, Entry>;
  readonly connectors: ReadonlyMap<string, Connector>;
  readonly connections: readonly Connection[];
  readonly workflows: readonly WorkflowName[];
  readonly reconciles: ReadonlyMap<string, Reconcile>;
}

export interface Kinds {
  readonly steps: readonly StepKind[];
  readonly triggers: readonly TriggerKind[];
  readonly reconciles: readonly Reconcile[];
}

export async function loadCatalog(hub: Hub): Promise<Catalog> {
  const [kinds, connectors, connections, workflows] = await Promise.all([
    hub.get<Kinds>("kinds"),
    hub.get<{ items: Connector[] }>("connectors"),
    hub.get<Page<Connection>>("connections?limit=200"),
    hub.get<Page<WorkflowName>>("workflows?limit=200"),
  ]);
  return catalogOf(kinds, connectors.items, connections.items, workflows.items);
}

export function catalogOf(
  kinds: Kinds,
  connectors: readonly Connector[],
  connections: readonly Connection[],
  workflows: readonly WorkflowName[] = [],
): Catalog {
  const byName = <Item extends { name: string }>(items: readonly Item[]): Map<string, Item> =>
    new Map(items.map((item) => [item.name, item]));
  return {
    kinds: byName(kinds.steps),
    triggers: byName(kinds.triggers),
    actions: byName(connectors.flatMap((each) => each.actions)),
    eventSources: byName(connectors.flatMap((each) => each.event_sources)),
    connectors: byName(connectors),
    connections,
    workflows,
    reconciles: byName(kinds.reconciles),
  };
}

export function portsIn(catalog: Catalog, step: Step): readonly string[] {
  return portsOf(step, catalog.kinds.get(step.kind));
}

/** Whether it is drawn as a frame around steps of its own. */
export function isFrame(catalog: Catalog, step: Step): boolean {
  return step.body !== undefined || catalog.kinds.get(step.kind)?.has_body === true;
}

export function looksIn(catalog: Catalog): Looks {
  return (step) => ({ ports: portsIn(catalog, step).length, isFrame: isFrame(catalog, step) });
}

/** What the step does, in words: the action, or the kind. */
export function whatItDoes(catalog: Catalog, step: Step): string {
  if (step.kind !== "action") return said(catalog.kinds.get(step.kind)?.title ?? step.kind);
  const action = catalog.actions.get(step.action ?? "");
  if (!action) return step.action || t("No action chosen");
  return `${connectorName(catalog, action.name)}: ${action.title}`;
}

export function connectorName(catalog: Catalog, action: string): string {
  const name = connectorOf(action);
  return catalog.connectors.get(name)?.manifest.name ?? name;
}

/** "exstream.list_jobs" is of the connector "exstream". */
export function connectorOf(action: string): string {
  return action.split(".", 1)[0] ?? "";
}

/** The fields that the step has: those of its action, or of its kind. */
export function fieldsOf(
  catalog: Catalog,
  step: Step,
): { part: "input" | "settings"; schema: Schema } | null {
  if (step.kind === "action") {
    const action = catalog.actions.get(step.action ?? "");
    return action ? { part: "input", schema: action.input_schema } : null;
  }
  const kind = catalog.kinds.get(step.kind);
  return kind ? { part: "settings", schema: kind.settings_schema } : null;
}
