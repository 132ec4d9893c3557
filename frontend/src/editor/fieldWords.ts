/** What people call the fields of a document, of which a difference tells. */

import type { Schema } from "../api/shapes";
import type { Step } from "../document/types";
import { resolved } from "../forms/schema";
import { said, t } from "../text";
import type { Text } from "../text";
import type { Catalog } from "./catalog";

const OF_THE_DOCUMENT: Readonly<Record<string, Text>> = {
  title: "Name",
  name: "Name",
  note: "Note",
  description: "Description",
  kind: "Kind",
  action: "Action",
  connection: "Connection",
  input: "Input",
  settings: "Settings",
  retry: "Tries again",
  timeout_seconds: "Time limit",
  inside: "Stands inside of",
  on_failure: "Error workflow",
  keys: "Business keys",
  priority: "Priority",
  concurrency: "Runs at a time",
  privacy: "Personal and secret fields",
};

/** Such as "Keep, when" for settings/where of a filter; names that nobody described are shown as they are. */
export function fieldWords(field: string, step?: Step, catalog?: Catalog | null): string {
  const [first = "", ...path] = field.split("/");
  const schema =
    first === "settings"
      ? catalog?.kinds.get(step?.kind ?? "")?.settings_schema
      : catalog?.actions.get(step?.action ?? "")?.input_schema;
  const isDescribed = (first === "settings" || first === "input") && schema !== undefined && path.length > 0;
  const begin = OF_THE_DOCUMENT[first];
  const words = isDescribed ? titlesAlong(path, schema) : [begin ? t(begin) : first, ...path];
  return words.join(" › ");
}

function titlesAlong(path: readonly string[], root: Schema): string[] {
  let held: Schema = resolved(root, root);
  return path.map((part) => {
    const properties = held["properties"] as Record<string, Schema> | undefined;
    const inner = properties?.[part] ?? (held["items"] as Schema | undefined);
    held = inner ? resolved(inner, root) : {};
    const title = properties?.[part] ? held["title"] : undefined;
    return typeof title === "string" ? said(title) : /^\d+$/.test(part) ? String(Number(part) + 1) : part;
  });
}
