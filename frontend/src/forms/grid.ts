/** Rows of objects as a table: the columns, and cells as text. No React here. */

import type { Schema } from "../api/shapes";
import type { Json, JsonObject } from "../document/types";
import { fieldsIn, openNames } from "./schema";

export interface GridColumn {
  /** Where the cell stands in the row: a field, or a name within one. */
  readonly path: readonly [string] | readonly [string, string];
  readonly title: string;
  /** Several texts stand in one cell, with commas between them. */
  readonly isMany: boolean;
  readonly isNumber: boolean;
}

/** The columns that the rows need, and those that somebody added. */
export function columnsOf(
  schema: Schema,
  root: Schema,
  rows: readonly JsonObject[],
  added: readonly string[] = [],
): GridColumn[] {
  return fieldsIn(schema, root).flatMap((field): GridColumn[] => {
    if (!openNames(field.schema)) {
      const isNumber = field.control === "number";
      return [{ path: [field.name], title: field.title, isMany: field.control === "list", isNumber }];
    }
    const names = new Set(rows.flatMap((row) => Object.keys((row[field.name] ?? {}) as JsonObject)));
    return [...new Set([...names, ...added])].map((name) => ({
      path: [field.name, name],
      title: name,
      isMany: true,
      isNumber: false,
    }));
  });
}

/** The field whose names are columns, when the rows have one. */
export function openField(schema: Schema, root: Schema): string | null {
  return fieldsIn(schema, root).find((each) => openNames(each.schema))?.name ?? null;
}

/** Names that are known for such columns. */
export function offeredNames(schema: Schema, root: Schema): string[] {
  const open = fieldsIn(schema, root).find((each) => openNames(each.schema))?.schema;
  const keys = (open?.["x-keys"] ?? {}) as { offered?: readonly string[] };
  return [...Object.keys(open?.["properties"] ?? {}), ...(keys.offered ?? [])];
}

export function cellOf(row: JsonObject, { path }: GridColumn): string {
  const [name, inner] = path;
  const held = inner === undefined ? row[name] : ((row[name] ?? {}) as JsonObject)[inner];
  if (held === undefined || held === null) return "";
  return Array.isArray(held)
    ? held.map(String).join(", ")
    : typeof held === "object"
      ? JSON.stringify(held)
      : String(held);
}

export function withCell(row: JsonObject, column: GridColumn, text: string): JsonObject {
  const [name, inner] = column.path;
  const value = valueOf(column, text, inner !== undefined);
  if (inner === undefined) return without(row, name, value);
  return { ...row, [name]: without((row[name] ?? {}) as JsonObject, inner, value) };
}

function valueOf({ isMany, isNumber }: GridColumn, text: string, mayBeOne: boolean): Json | undefined {
  if (isNumber) return text.trim() === "" ? undefined : Number(text);
  if (!isMany) return text;
  const parts = text.split(",").map((each) => each.trim());
  const said = parts.filter((each, at) => each !== "" || (at === parts.length - 1 && parts.length > 1));
  if (mayBeOne) return said.length === 0 ? undefined : said.length === 1 ? said[0] : said;
  return said;
}

/** Typing a comma leaves an empty part at the end: it goes when the cell is left. */
export function tidied(row: JsonObject, column: GridColumn): JsonObject {
  return withCell(row, column, cellOf(row, column).replace(/(,\s*)+$/, ""));
}

function without(held: JsonObject, name: string, value: Json | undefined): JsonObject {
  const { [name]: _, ...others } = held;
  return value === undefined ? others : { ...held, [name]: value };
}
