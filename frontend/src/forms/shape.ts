/** A JSON Schema of a flat object, as the fields that a person gives. No React here. */

import type { Schema } from "../api/shapes";
import type { Json, JsonObject } from "../document/types";

export interface GivenField {
  /** Under which expressions read it: `trigger.name`. */
  readonly name: string;
  /** What people read; "" shows the name. */
  readonly title: string;
  readonly kind: GivenKind;
  /** Of a choice. */
  readonly options: readonly string[];
  readonly isRequired: boolean;
}

export const KINDS = [
  "text",
  "long text",
  "number",
  "whole number",
  "yes or no",
  "date",
  "choice",
  "several texts",
] as const;
export type GivenKind = (typeof KINDS)[number];

const DATE = { format: "date", pattern: "^\\d{4}-\\d{2}-\\d{2}$", "x-form": "a date such as 2026-12-31" };
const SCHEMAS: Readonly<Record<GivenKind, JsonObject>> = {
  text: { type: "string" },
  "long text": { type: "string", "x-lines": 4 },
  number: { type: "number" },
  "whole number": { type: "integer" },
  "yes or no": { type: "boolean" },
  date: { type: "string", ...DATE },
  choice: { type: "string" },
  "several texts": { type: "array", items: { type: "string" } },
};
const TEXTS: ReadonlySet<GivenKind> = new Set(["text", "long text"]);

/** The fields of a schema; null when it says more than such fields can. */
export function readShape(value: Json | undefined): GivenField[] | null {
  if (value === undefined) return [];
  if (!isObject(value)) return null;
  const { properties = {}, required = [], type, additionalProperties = true, ...others } = value;
  if (Object.keys(others).length > 0 || (type !== undefined && type !== "object")) return null;
  if (additionalProperties !== true || !isObject(properties) || !isTexts(required)) return null;
  if (required.some((name) => !(name in properties))) return null;
  const fields = Object.entries(properties).map(([name, each]) =>
    readField(name, each, required.includes(name)),
  );
  return fields.every((each) => each !== null) ? fields : null;
}

function readField(name: string, schema: Json, isRequired: boolean): GivenField | null {
  if (!isObject(schema)) return null;
  const { title = "", enum: options, ...rest } = schema;
  if (typeof title !== "string") return null;
  if (options !== undefined) {
    const isChoice = isTexts(options) && same(rest, SCHEMAS.choice);
    return isChoice ? { name, title, kind: "choice", options, isRequired } : null;
  }
  const kind = KINDS.find(
    (each) => each !== "choice" && same(rest, { ...SCHEMAS[each], ...lengthOf(each, isRequired) }),
  );
  return kind ? { name, title, kind, options: [], isRequired } : null;
}

export function writeShape(fields: readonly GivenField[]): Schema | undefined {
  if (fields.length === 0) return undefined;
  const required = fields.filter((each) => each.isRequired).map((each) => each.name);
  return {
    type: "object",
    ...(required.length > 0 ? { required } : {}),
    properties: Object.fromEntries(
      fields.map(({ name, title, kind, options, isRequired }) => [
        name,
        {
          ...SCHEMAS[kind],
          ...(title === "" ? {} : { title }),
          ...(kind === "choice" ? { enum: [...options] } : lengthOf(kind, isRequired)),
        },
      ]),
    ),
  };
}

/** A text that has to be given is not an empty one. */
function lengthOf(kind: GivenKind, isRequired: boolean): JsonObject {
  return isRequired && TEXTS.has(kind) ? { minLength: 1 } : {};
}

/** A name that expressions can read without quotes, and that no other field has. */
export function nameFor(wanted: string, others: readonly string[]): string {
  const words = wanted
    .normalize("NFKD")
    .replaceAll(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replaceAll("ß", "ss")
    .replaceAll(/[^a-z0-9]+/g, "_")
    .replaceAll(/^[_0-9]+|_+$/g, "");
  const plain = words === "" ? "field" : words;
  if (!others.includes(plain) && words !== "") return plain;
  let number = words === "" ? 1 : 2;
  while (others.includes(`${plain}_${String(number)}`)) number += 1;
  return `${plain}_${String(number)}`;
}

function same(one: JsonObject, other: JsonObject): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => JSON.stringify(one[name]) === JSON.stringify(other[name]))
  );
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== undefined && value !== null && typeof value === "object" && !Array.isArray(value);
}

function isTexts(value: Json | undefined): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === "string");
}
