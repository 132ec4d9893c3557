/** A rule table and every edit of it. No React here. */

import type { Json, JsonObject } from "../../document/types";
import { GIVEN_KINDS, givenKindOf, givenText, readCell, readGiven, cellText, KINDS } from "./cells";
import type { GivenKind, Kind } from "./cells";

export interface RuleColumn {
  readonly name: string;
  readonly kind?: Kind;
}

export interface RuleRow {
  readonly when?: JsonObject;
  readonly give: JsonObject;
  readonly note?: string;
}

export interface RuleTable {
  readonly match?: "first" | "all";
  readonly columns: readonly RuleColumn[];
  readonly rows: readonly RuleRow[];
  readonly default?: JsonObject | null;
}

/** A column of the grid: a condition, something that is given, or the note. */
export type GridColumn =
  | { readonly part: "when"; readonly name: string; readonly kind: Kind }
  | { readonly part: "give"; readonly name: string; readonly kind: GivenKind }
  | { readonly part: "note"; readonly name: ""; readonly kind: "text" };

export const EMPTY_TABLE: RuleTable = { match: "first", columns: [], rows: [] };

/** The table in a value, as far as it has the shape of one: whatever is not is left out. */
export function tableOf(value: Json | undefined): RuleTable | null {
  if (value === undefined || value === null) return EMPTY_TABLE;
  if (typeof value !== "object" || Array.isArray(value)) return null;
  const { columns = [], rows = [] } = value as JsonObject;
  const isTable =
    areObjects(columns) &&
    columns.every((each) => typeof each["name"] === "string" && isKind(each["kind"])) &&
    areObjects(rows) &&
    rows.every((each) => isObject(each["give"]) && (each["when"] === undefined || isObject(each["when"])));
  return isTable ? ({ ...(value as object), columns, rows } as unknown as RuleTable) : null;
}

function isKind(kind: Json | undefined): boolean {
  return kind === undefined || (KINDS as readonly unknown[]).includes(kind);
}

function isObject(value: Json | undefined): value is JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function areObjects(value: Json): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every(isObject);
}

/** The columns of the grid. `kinds` are those chosen for what is given, also for columns that are empty still. */
export function columnsOf(table: RuleTable, kinds: Readonly<Record<string, GivenKind>> = {}): GridColumn[] {
  const given = [...table.rows.map((row) => row.give), ...(table.default ? [table.default] : [])];
  const names = new Set([...given.flatMap(Object.keys), ...Object.keys(kinds)]);
  return [
    ...table.columns.map(({ name, kind = "text" }) => ({ part: "when", name, kind }) as const),
    ...[...names].map((name) => {
      const held = given.flatMap((each) => (each[name] === undefined ? [] : [each[name]]));
      return { part: "give", name, kind: kinds[name] ?? givenKindOf(held) } as const;
    }),
    { part: "note", name: "", kind: "text" },
  ];
}

/** What stands in a cell. The row behind the last one is what is given otherwise. */
export function textAt(table: RuleTable, at: number, column: GridColumn): string {
  const row = table.rows[at];
  if (!row) return column.part === "give" ? givenText(column.kind, table.default?.[column.name]) : "";
  if (column.part === "note") return row.note ?? "";
  return column.part === "when"
    ? cellText(column.kind, row.when?.[column.name])
    : givenText(column.kind, row.give[column.name]);
}

export function withText(table: RuleTable, at: number, column: GridColumn, text: string): RuleTable {
  const row = table.rows[at];
  if (!row) {
    if (column.part !== "give") return table;
    return { ...table, default: withName(table.default ?? {}, column.name, readGiven(column.kind, text)) };
  }
  return {
    ...table,
    rows: table.rows.map((each, index) => (index === at ? rowWith(row, column, text) : each)),
  };
}

function rowWith(row: RuleRow, column: GridColumn, text: string): RuleRow {
  switch (column.part) {
    case "when":
      return { ...row, when: withName(row.when ?? {}, column.name, readCell(column.kind, text)) };
    case "give":
      return { ...row, give: withName(row.give, column.name, readGiven(column.kind, text)) };
    case "note": {
      const { note: _, ...others } = row;
      return text === "" ? others : { ...others, note: text };
    }
  }
}

function withName(held: JsonObject, name: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...held, [name]: value };
  return Object.fromEntries(Object.entries(held).filter(([each]) => each !== name));
}

/** Cells as a spreadsheet copies them, put in from a cell on; rows that are missing are added. */
export function withPasted(
  table: RuleTable,
  columns: readonly GridColumn[],
  at: number,
  from: number,
  text: string,
): RuleTable {
  let made = table;
  const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n");
  for (const [down, line] of lines.entries()) {
    if (at + down >= made.rows.length) made = withRow(made, made.rows.length);
    for (const [right, cell] of line.split("\t").entries()) {
      const column = columns[from + right];
      if (column) made = withText(made, at + down, column, cell.trim());
    }
  }
  return made;
}

export function withRow(table: RuleTable, at: number, row: RuleRow = { when: {}, give: {} }): RuleTable {
  return { ...table, rows: [...table.rows.slice(0, at), row, ...table.rows.slice(at)] };
}

export function withoutRow(table: RuleTable, at: number): RuleTable {
  return { ...table, rows: table.rows.filter((_, index) => index !== at) };
}

export function withRowMoved(table: RuleTable, at: number, to: number): RuleTable {
  const row = table.rows[at];
  if (!row || to < 0 || to >= table.rows.length) return table;
  return withRow(withoutRow(table, at), to, row);
}

export function withColumn(table: RuleTable, name: string, kind: Kind): RuleTable {
  return { ...table, columns: [...table.columns, { name, kind }] };
}

/** Cells of the column are read anew as its new kind. */
export function withColumnChanged(table: RuleTable, old: GridColumn, name: string, kind: string): RuleTable {
  if (old.part === "note") return table;
  const renamed = (
    held: JsonObject,
    read: (text: string) => Json | undefined,
    write: (value: Json) => string,
  ): JsonObject =>
    Object.fromEntries(
      Object.entries(held).flatMap(([each, value]): [string, Json][] => {
        if (each !== old.name) return [[each, value]];
        const made = kind === old.kind ? value : read(write(value));
        return made === undefined ? [] : [[name, made]];
      }),
    );
  if (old.part === "when") {
    const to = kind as Kind;
    const again = (held: JsonObject): JsonObject =>
      renamed(
        held,
        (text) => readCell(to, text),
        (value) => cellText(old.kind, value),
      );
    return {
      ...table,
      columns: table.columns.map((each) => (each.name === old.name ? { name, kind: to } : each)),
      rows: table.rows.map((row) => ({ ...row, when: again(row.when ?? {}) })),
    };
  }
  const to = kind as GivenKind;
  const again = (held: JsonObject): JsonObject =>
    renamed(
      held,
      (text) => readGiven(to, text),
      (value) => givenText(old.kind, value),
    );
  return {
    ...table,
    rows: table.rows.map((row) => ({ ...row, give: again(row.give) })),
    ...(table.default ? { default: again(table.default) } : {}),
  };
}

export function withoutColumn(table: RuleTable, { part, name }: GridColumn): RuleTable {
  if (part === "note") return table;
  const without = (held: JsonObject): JsonObject => withName(held, name, undefined);
  if (part === "when") {
    return {
      ...table,
      columns: table.columns.filter((each) => each.name !== name),
      rows: table.rows.map((row) => ({ ...row, when: without(row.when ?? {}) })),
    };
  }
  return {
    ...table,
    rows: table.rows.map((row) => ({ ...row, give: without(row.give) })),
    ...(table.default ? { default: without(table.default) } : {}),
  };
}

/** Where a cell stands in the table, as problems name it. */
export function placeOfCell(table: RuleTable, at: number, { part, name }: GridColumn): string {
  if (at >= table.rows.length) return `default/${name}`;
  return part === "note" ? `rows/${String(at)}/note` : `rows/${String(at)}/${part}/${name}`;
}

export function isGivenKind(kind: string): kind is GivenKind {
  return (GIVEN_KINDS as readonly string[]).includes(kind);
}
