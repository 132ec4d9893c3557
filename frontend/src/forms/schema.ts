/** Reading JSON Schema 2020-12 as a form: what a field is called, and which control suits it. No React here. */

import type { Schema } from "../api/shapes";
import type { Json } from "../document/types";
import { said } from "../text";

export type Control =
  | "text"
  | "number"
  | "boolean"
  | "enum"
  | "choices"
  | "offers"
  | "schema-of"
  | "secret"
  | "list"
  | "grid"
  | "object"
  | "map"
  | "shape"
  | "one-of"
  | "rule-table"
  | "columns"
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
  /** It is never one. */
  readonly isLiteral: boolean;
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
    title: typeof held["title"] === "string" ? said(held["title"]) : wordsOf(name),
    help: typeof held["description"] === "string" ? said(held["description"]) : "",
    schema: held,
    control: controlOf(held, root),
    isRequired,
    isAdvanced: held["x-advanced"] === true && !isRequired,
    isExpression: held["x-expression"] === true,
    isLiteral: held["x-literal"] === true || held["x-shape"] === true,
  };
}

export function controlOf(schema: Schema, root: Schema = schema): Control {
  if (schema["x-secret"] === true) return "secret";
  if (Array.isArray(schema["enum"])) return "enum";
  if (typeof schema["x-offers"] === "string" || schema["x-connection"]) return "offers";
  if (typeof schema["x-schema-of"] === "string") return "schema-of";
  if (schema["x-rule-table"] === true) return "rule-table";
  if (typeof schema["x-columns-of"] === "string") return "columns";
  if (schema["x-shape"] === true) return "shape";
  if (isWordOrNumber(schema)) return "one-of";
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
      return isGrid(schema, root) ? "grid" : "list";
    case "object":
      return schema["properties"] ? "object" : "map";
    default:
      return "anything";
  }
}

function isWordOrNumber(schema: Schema): boolean {
  const some = (schema["anyOf"] ?? []) as readonly Schema[];
  return (
    some.length === 2 &&
    some.some((each) => Array.isArray(each["enum"])) &&
    some.some((each) => each["type"] === "integer")
  );
}

/** Whether a list is one of rows: each an object of plain cells, lists of text, or names with such. */
export function isGrid(schema: Schema, root: Schema): boolean {
  const items = objectOf(schema["items"]);
  if (!items) return false;
  const held = resolved(items, root);
  const properties = Object.values(objectOf(held["properties"]) ?? {}) as Schema[];
  return (
    typeOf(held) === "object" &&
    properties.length > 0 &&
    properties.every((each) => isCell(resolved(each, root), root))
  );
}

const PLAIN: ReadonlySet<string> = new Set(["string", "number", "integer"]);

function isCell(schema: Schema, root: Schema): boolean {
  if (Array.isArray(schema["enum"]) || PLAIN.has(typeOf(schema)) || isTexts(schema, root)) return true;
  const inner = openNames(schema);
  if (!inner) return false;
  const known = Object.values(objectOf(schema["properties"]) ?? {}) as Schema[];
  return [inner, ...known].every((each) => isTexts(resolved(each, root), root));
}

/** One text, or several. */
function isTexts(schema: Schema, root: Schema): boolean {
  const some = schema["anyOf"] as Schema[] | undefined;
  if (some) return some.every((each) => isTexts(resolved(each, root), root));
  if (typeOf(schema) === "string") return true;
  return typeOf(schema) === "array" && typeOf(resolved(objectOf(schema["items"]) ?? {}, root)) === "string";
}

/** What an object holds under names that are free; undefined when it has none. */
export function openNames(schema: Schema): Schema | undefined {
  return typeOf(schema) === "object" ? objectOf(schema["additionalProperties"]) : undefined;
}

function objectOf(value: unknown): Schema | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Schema) : undefined;
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
  switch (controlOf(held, root)) {
    case "number":
      return 0;
    case "boolean":
      return false;
    case "list":
    case "grid":
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
