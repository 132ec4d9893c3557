import type { PlanLine } from "../../api/shapes";
import type { Json, JsonObject } from "../../document/types";

export interface Plan extends PlanLine {
  readonly readings: readonly {
    readonly of: string;
    readonly complete?: boolean;
    readonly count?: number;
    readonly checks?: readonly string[];
  }[];
  readonly guards: readonly {
    readonly guard: string;
    readonly passed: boolean;
    readonly message: string;
    readonly warning?: boolean;
  }[];
  readonly digest: string;
  /** Of the changes that were approved, when some were left out. */
  readonly approved_digest: string;
  readonly undoes: string | null;
  readonly comment: string;
  readonly created_by: string | null;
  readonly decided_by: string | null;
  readonly approval: string | null;
  readonly states: Readonly<Record<string, number>>;
  /** Kinds of changes that guards hold. */
  readonly held: readonly { readonly resource: string; readonly operation: string; readonly count: number }[];
}

export interface Change {
  readonly id: string;
  readonly position: number;
  readonly connection: string;
  readonly resource: string;
  readonly operation: string;
  readonly key: string;
  readonly title: string;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly cause: JsonObject;
  readonly state: string;
  readonly message: string;
}

/** Which changes are meant: those that are like all of these. The hub reads it so (docs/reference/api). */
export interface Choice {
  readonly operation?: string;
  readonly resource?: string;
  readonly unit?: string;
  readonly rule?: string;
  readonly reason?: string;
  readonly cause?: string;
  readonly search?: string;
  readonly without?: string;
  readonly positions?: readonly number[];
}

export interface Group {
  readonly value: string;
  readonly operation: string;
  readonly count: number;
}

/** "otds.group_members" as "group members". */
export function kindInWords(resource: string): string {
  return resource.replace(/^[^.]*\./, "").replaceAll("_", " ");
}

/** The choice of a group's changes. */
export function choiceOf(by: string, group: Group): Choice {
  if (by === "kind") return { resource: group.value, operation: group.operation };
  return group.value === "" ? { without: by } : { [by]: group.value };
}

export interface FieldChange {
  readonly name: string;
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

/** The fields in which an object would differ. */
export function fieldsOf({ before, after }: Pick<Change, "before" | "after">): FieldChange[] {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names]
    .map((name) => ({ name, before: before?.[name], after: after?.[name] }))
    .filter((each) => JSON.stringify(each.before) !== JSON.stringify(each.after));
}

/** A value in one line. */
export function shortly(value: Json | undefined): string {
  if (value === undefined || value === null) return "–";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return (value as readonly Json[]).map(shortly).join(", ");
  if (typeof value === "object")
    return Object.entries(value)
      .map(([name, held]) => `${name} ${shortly(held)}`)
      .join(", ");
  return String(value);
}
