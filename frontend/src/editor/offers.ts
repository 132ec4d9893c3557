/** What forms can offer out of the hub's own lists. */

import type { Choice, Schema } from "../api/shapes";
import type { Json } from "../document/types";
import { connectorOf } from "./catalog";
import type { Catalog } from "./catalog";

export function offersOf(catalog: Catalog, list: string, values: Readonly<Record<string, Json>>): Choice[] {
  switch (list) {
    case "event-sources":
      return [...catalog.eventSources.values()].map(({ name, title, description }) => ({
        value: name,
        label: `${catalog.connectors.get(connectorOf(name))?.manifest.name ?? connectorOf(name)}: ${title}`,
        help: description,
      }));
    case "connections": {
      const source = values["source"];
      const connector = typeof source === "string" ? connectorOf(source) : "";
      return catalog.connections
        .filter((each) => connector === "" || each.connector === connector)
        .map(({ slug, name }) => ({ value: slug, label: name, help: "" }));
    }
    case "workflows":
      return catalog.workflows.map(({ slug, name }) => ({ value: slug, label: name, help: "" }));
    default:
      return [];
  }
}

export function schemaNamed(catalog: Catalog, name: string): Schema | null {
  return catalog.eventSources.get(name)?.input_schema ?? catalog.actions.get(name)?.input_schema ?? null;
}
