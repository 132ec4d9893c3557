/** What can be added: every action and every other kind, found by words. */

import { freeId, idFrom, stepIds } from "../document/names";
import type { Point, Step, WorkflowDocument } from "../document/types";
import { connectorName, connectorOf } from "./catalog";
import type { Catalog } from "./catalog";
import { said, t } from "../text";

export interface Addable {
  /** Unique: "kind:filter", "action:exstream.list_jobs". */
  readonly id: string;
  readonly kind: string;
  readonly action: string;
  readonly title: string;
  readonly description: string;
  readonly group: string;
  /** Connected connectors come first. */
  readonly isConnected: boolean;
  /** It may stand inside of a step that holds others. */
  readonly fitsInside: boolean;
}

export function addables(catalog: Catalog): Addable[] {
  const connected = new Set(catalog.connections.map((each) => each.connector));
  const actions = [...catalog.actions.values()].map((action) => ({
    id: `action:${action.name}`,
    kind: "action",
    action: action.name,
    title: action.title,
    description: action.description,
    group: connectorName(catalog, action.name),
    isConnected: connected.has(connectorOf(action.name)),
    fitsInside: true,
  }));
  const kinds = [...catalog.kinds.values()]
    .filter((kind) => kind.name !== "action")
    .map((kind) => ({
      id: `kind:${kind.name}`,
      kind: kind.name,
      action: "",
      title: said(kind.title),
      description: said(kind.description),
      group: t("Flow"),
      isConnected: true,
      fitsInside: kind.fits_inside,
    }));
  return [...kinds, ...actions.sort((one, other) => Number(other.isConnected) - Number(one.isConnected))];
}

/** Words that people use for the same thing. */
const SAME: readonly (readonly string[])[] = [
  ["people", "persons", "users", "employees", "accounts", "personen", "leute", "benutzer"],
  ["mail", "e-mail", "email"],
  ["loop", "iterate", "for-each", "for each", "repeat", "schleife"],
  ["if", "condition", "branch", "switch", "bedingung", "wenn"],
  ["wait", "delay", "sleep", "pause", "warten"],
  ["http", "rest", "api", "web address"],
  ["delete", "remove", "löschen", "entfernen"],
  ["create", "add", "new", "anlegen"],
  ["map", "set", "transform", "fields", "felder"],
  ["aggregate", "group", "sum", "count"],
  ["ask", "approve", "approval", "confirm", "genehmigung", "freigabe"],
];

function meanings(word: string): readonly string[] {
  const same = SAME.filter((each) =>
    each.some((one) => one === word || (word.length > 3 && one.startsWith(word))),
  );
  return [word, ...same.flat()];
}

/** Those in which every word stands somewhere, or another for the same thing. What has the first word itself comes
 * first: at the beginning of the title, in the title, anywhere. */
export function found(items: readonly Addable[], query: string): Addable[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...items];
  const meant = words.map(meanings);
  const ranked = items.flatMap((item) => {
    const title = item.title.toLowerCase();
    const all = `${title} ${item.group} ${item.action} ${item.description}`.toLowerCase();
    if (!meant.every((each) => each.some((word) => all.includes(word)))) return [];
    const first = words[0] ?? "";
    const rank = title.startsWith(first) ? 0 : title.includes(first) ? 1 : all.includes(first) ? 2 : 3;
    return [{ item, rank }];
  });
  return ranked.sort((one, other) => one.rank - other.rank).map(({ item }) => item);
}

/** The step that an addable becomes. An action takes the only connection of its connector, when there is one. */
export function stepFrom(item: Addable, catalog: Catalog, document: WorkflowDocument, at?: Point): Step {
  const id = freeId(idFrom(item.title), stepIds(document));
  const place = at ? { at: { x: Math.round(at.x), y: Math.round(at.y) } } : {};
  if (item.kind !== "action") {
    const body = catalog.kinds.get(item.kind)?.has_body ? { body: { steps: [], edges: [] } } : {};
    return { id, kind: item.kind, title: item.title, settings: {}, ...body, ...place };
  }
  const own = catalog.connections.filter((each) => each.connector === connectorOf(item.action));
  const connection = own.length === 1 && own[0] ? { connection: own[0].slug } : {};
  return { id, kind: "action", title: item.title, action: item.action, ...connection, input: {}, ...place };
}
