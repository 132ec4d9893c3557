/** Reading JSON Schema 2020-12 as a form: what a field is called, and which control suits it. No React here. */

import type { Schema } from "../api/shapes";
import type { Json } from "../document/types";

export type Control =
  | "text"
  | "number"
  | "boolean"
  | "enum"
  | "choices"
  | "offers"
  | "schema-of"
  | "list"
  | "object"
  | "map"
  | "anything";

export interface Field {
  readonly name: string;
  readonly title: string;
  readonly help: string;
  readonly schema: Schema;
  readonly control: Control;
  readonly isRequired: boolean;
  readonly isAdvanced: boolean;
  /** It is always an expression. */
  readonly isExpression: boolean;
}

/** The schema with its reference followed, and null taken out of what it may be. */
export function resolved(schema: Schema, root: Schema): Schema {
  let held = schema;
  for (let depth = 0; depth < 10; depth += 1) {
    const reference = held["$ref"];
    const unions = (held["anyOf"] ?? held["oneOf"]) as Schema[] | undefined;
    const some = unions?.filter((each) => each["type"] !== "null");
    if (typeof reference === "string") held = { ...pointedAt(root, reference), ...without(held, "$ref") };
    else if (some?.length === 1 && some[0]) held = { ...some[0], ...without(held, "anyOf", "oneOf") };
    else break;
  }
  return held;
}

export function fieldsIn(schema: Schema, root: Schema): Field[] {
  const held = resolved(schema, root);
  const required = new Set((held["required"] as string[] | undefined) ?? []);
  const properties = (held["properties"] as Record<string, Schema> | undefined) ?? {};
  return Object.entries(properties).map(([name, each]) => fieldOf(name, each, root, required.has(name)));
}

export function fieldOf(name: string, schema: Schema, root: Schema, isRequired = false): Field {
  const held = resolved(schema, root);
  return {
    name,
    title: typeof held["title"] === "string" ? held["title"] : wordsOf(name),
    help: typeof held["description"] === "string" ? held["description"] : "",
    schema: held,
    control: controlOf(held),
    isRequired,
    isAdvanced: held["x-advanced"] === true && !isRequired,
    isExpression: held["x-expression"] === true,
  };
}

export function controlOf(schema: Schema): Control {
  if (Array.isArray(schema["enum"])) return "enum";
  if (typeof schema["x-offers"] === "string" || typeof schema["x-connection"] === "string") return "offers";
  if (typeof schema["x-schema-of"] === "string") return "schema-of";
  if (schema["x-json"] === true) return "anything";
  if (typeof schema["x-choices"] === "string" && typeOf(schema) === "string") return "choices";
  switch (typeOf(schema)) {
    case "string":
      return "text";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "boolean";
    case "array":
      return "list";
    case "object":
      return schema["properties"] ? "object" : "map";
    default:
      return "anything";
  }
}

/** The one type that is not null, or "" when it may be several. */
export function typeOf(schema: Schema): string {
  const held = schema["type"];
  if (typeof held === "string") return held;
  const some = Array.isArray(held) ? held.filter((each) => each !== "null") : [];
  return some.length === 1 ? String(some[0]) : "";
}

/** What a new field or a new item of a list holds at first. */
export function emptyOf(schema: Schema, root: Schema): Json {
  const held = resolved(schema, root);
  if (held["default"] !== undefined) return held["default"] as Json;
  switch (controlOf(held)) {
    case "number":
      return 0;
    case "boolean":
      return false;
    case "list":
      return [];
    case "object":
    case "map":
      return {};
    case "enum":
      return (held["enum"] as Json[])[0] ?? "";
    default:
      return "";
  }
}

/** An example of a value of the schema, for showing what can be read before anything ran. */
export function exampleOf(schema: Schema, root: Schema, depth = 0): Json {
  const held = resolved(schema, root);
  if (depth > 5) return null;
  switch (typeOf(held)) {
    case "object": {
      const properties = Object.entries((held["properties"] as Record<string, Schema> | undefined) ?? {});
      return Object.fromEntries(properties.map(([name, each]) => [name, exampleOf(each, root, depth + 1)]));
    }
    case "array":
      return held["items"] ? [exampleOf(held["items"] as Schema, root, depth + 1)] : [];
    default:
      return null;
  }
}

function pointedAt(root: Schema, reference: string): Schema {
  let held: unknown = root;
  for (const part of reference.replace(/^#\//, "").split("/")) {
    if (held === null || typeof held !== "object") return {};
    held = (held as Record<string, unknown>)[part.replaceAll("~1", "/").replaceAll("~0", "~")];
  }
  return held !== null && typeof held === "object" ? (held as Schema) : {};
}

function without(schema: Schema, ...names: string[]): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)));
}

function wordsOf(name: string): string {
  const words = name.replaceAll("_", " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
