/** What forms can offer out of the hub's own lists. */

import type { Choice, Schema } from "../api/shapes";
import type { Json } from "../document/types";
import type { Offering } from "../forms/FormContext";
import { connectorName, connectorOf } from "./catalog";
import type { Catalog } from "./catalog";

/** `of` names the connector whose connections are meant, when a schema says so. */
export function offersOf(
  catalog: Catalog,
  list: string,
  values: Readonly<Record<string, Json>>,
  of: Offering = "",
): Choice[] {
  switch (list) {
    case "event-sources":
      return [...catalog.eventSources.values()].map(({ name, title, description }) => ({
        value: name,
        label: `${catalog.connectors.get(connectorOf(name))?.manifest.name ?? connectorOf(name)}: ${title}`,
        help: description,
      }));
    case "connections": {
      const source = values["source"] ?? values["stream"] ?? values["action"];
      const named = typeof of === "string" ? of : "";
      const connector = named || (typeof source === "string" ? connectorOf(source) : "");
      return catalog.connections
        .filter((each) => connector === "" || each.connector === connector)
        .map(({ slug, name }) => ({ value: slug, label: name, help: "" }));
    }
    case "reads":
      return [...catalog.actions.values()]
        .filter((each) => each.effect === "none")
        .map(({ name, title, description }) => ({
          value: name,
          label: `${connectorName(catalog, name)}: ${title}`,
          help: description,
        }));
    case "streams":
      return [...catalog.connectors.values()].flatMap((connector) =>
        connector.streams.map(({ name, title, description }) => ({
          value: name,
          label: `${connector.manifest.name}: ${title}`,
          help: description,
        })),
      );
    case "workflows":
      return catalog.workflows.map(({ slug, name }) => ({ value: slug, label: name, help: "" }));
    case "reconciles":
      return [...catalog.reconciles.values()].map(({ name, title }) => ({
        value: name,
        label: title,
        help: "",
      }));
    default:
      return [];
  }
}

export function schemaNamed(catalog: Catalog, name: string): Schema | null {
  return catalog.eventSources.get(name)?.input_schema ?? catalog.reconciles.get(name)?.parameters ?? null;
}
