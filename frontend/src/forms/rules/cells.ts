/** Conditions of a rule table as people type them, and back: "life | health", "> 10", "3..9", "!= a", "~ l*". */

import type { Json, JsonObject } from "../../document/types";

export const KINDS = ["text", "number", "date", "boolean", "group"] as const;
export type Kind = (typeof KINDS)[number];
export const GIVEN_KINDS = ["text", "number", "boolean", "list", "json"] as const;
export type GivenKind = (typeof GIVEN_KINDS)[number];

const BOUNDS = { ">=": "min", ">": "above", "<=": "max", "<": "below" } as const;
type Bound = keyof typeof BOUNDS;
const SIGNS = { min: ">=", above: ">", max: "<=", below: "<" } as const;
const ONE_BOUND = /^(>=|>|<=|<)\s*(\S+)\s*/;
const EMPTY: Readonly<Record<string, boolean>> = { empty: true, "not empty": false };
/** What would be read as something else than text. */
const READ_OTHERWISE = /^[[{"~&]|^!=|^(not )?empty$|[|&]|^\s|\s$|^$/;

/** A cell as it is typed. What has no short form is written as JSON. */
export function cellText(kind: Kind, cell: Json | undefined): string {
  const text = shortText(kind, cell);
  return text !== null && isSame(readCell(kind, text), cell) ? text : JSON.stringify(cell);
}

function shortText(kind: Kind, cell: Json | undefined): string | null {
  if (cell === undefined || cell === null || cell === "") return "";
  if (Array.isArray(cell)) return listed(cell, " | ");
  if (typeof cell !== "object") return plain(cell);
  const parts = Object.entries(cell as JsonObject);
  const [first] = parts;
  if (!first) return null;
  const [name, value] = first;
  if (parts.length === 1) {
    if (name === "empty") return value === true ? "empty" : "not empty";
    if (name === "not") return prefixed("!= ", value);
    if (name === "matches") return prefixed("~ ", value);
    if (name === "all" && kind === "group") return prefixed("& ", value, " & ");
  }
  const { min, max } = cell as JsonObject;
  if (parts.length === 2 && min !== undefined && max !== undefined && kind !== "text")
    return `${plain(min) ?? ""}..${plain(max) ?? ""}`;
  if (parts.every(([each]) => each in SIGNS))
    return parts
      .map(([each, bound]) => `${SIGNS[each as keyof typeof SIGNS]} ${plain(bound) ?? ""}`)
      .join(" ");
  return null;
}

function prefixed(sign: string, value: Json, between = " | "): string | null {
  const text = Array.isArray(value) ? listed(value as readonly Json[], between) : plain(value);
  return text === null ? null : sign + text;
}

function listed(values: readonly Json[], between: string): string | null {
  const texts = values.map(plain);
  return texts.length < 2 || texts.includes(null) ? null : texts.join(between);
}

function plain(value: Json): string | null {
  if (typeof value === "string") return READ_OTHERWISE.test(value) ? null : value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

/** What was typed, as the table keeps it. A value that does not fit its column stays as it is typed: the check of the
 * table names it. */
export function readCell(kind: Kind, typed: string): Json | undefined {
  const text = typed.trim();
  if (text === "") return undefined;
  if (/^[[{"]/.test(text)) return parsed(text) ?? text;
  const empty = EMPTY[text.toLowerCase()];
  if (empty !== undefined) return { empty };
  if (text.startsWith("!=")) return { not: oneOrMany(kind, text.slice(2), "|") };
  if (kind === "text" && text.startsWith("~")) return { matches: oneOrMany(kind, text.slice(1), "|") };
  if (kind === "group" && text.startsWith("&")) return { all: oneOrMany(kind, text.slice(1), "&") };
  if (kind === "group" && text.includes("&")) return { all: oneOrMany(kind, text, "&") };
  if (kind === "number" || kind === "date") {
    const between = /^(\S+?)\s*\.\.\s*(\S+)$/.exec(text);
    if (between) return { min: valueOf(kind, between[1] ?? ""), max: valueOf(kind, between[2] ?? "") };
    const bounds = boundsIn(kind, text);
    if (bounds) return bounds;
  }
  return oneOrMany(kind, text, "|");
}

function boundsIn(kind: Kind, text: string): JsonObject | null {
  const made: Record<string, Json> = {};
  let left = text;
  for (let found = ONE_BOUND.exec(left); found; found = ONE_BOUND.exec(left)) {
    made[BOUNDS[found[1] as Bound]] = valueOf(kind, found[2] ?? "");
    left = left.slice(found[0].length).replace(/^(and|und|,)\s+/i, "");
  }
  return left === "" && Object.keys(made).length > 0 ? made : null;
}

function oneOrMany(kind: Kind, text: string, between: "|" | "&"): Json {
  const parts = text.split(between).map((each) => valueOf(kind, each.trim()));
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : parts;
}

function valueOf(kind: Kind, text: string): Json {
  if (kind === "number") return numberIn(text) ?? text;
  if (kind === "boolean") return truthIn(text) ?? text;
  return text;
}

function numberIn(text: string): number | undefined {
  const value = Number(text.replace(/^(-?\d+),(\d+)$/, "$1.$2"));
  return text === "" || !Number.isFinite(value) ? undefined : value;
}

function truthIn(text: string): boolean | undefined {
  if (/^(true|yes|ja|wahr)$/i.test(text)) return true;
  return /^(false|no|nein|falsch)$/i.test(text) ? false : undefined;
}

/** What a column of given things holds, from what is there. */
export function givenKindOf(values: readonly Json[]): GivenKind {
  if (values.length === 0) return "text";
  if (values.every((each) => typeof each === "boolean")) return "boolean";
  if (values.every((each) => typeof each === "number")) return "number";
  if (values.every((each) => typeof each === "string")) return "text";
  const isTexts = (value: Json): boolean =>
    Array.isArray(value) &&
    (value as readonly Json[]).every((each) => typeof each === "string" && !each.includes("|"));
  return values.every(isTexts) ? "list" : "json";
}

export function givenText(kind: GivenKind, value: Json | undefined): string {
  if (value === undefined) return "";
  if (kind === "list" && Array.isArray(value)) return value.join(" | ");
  return typeof value === "string" && kind !== "json" ? value : JSON.stringify(value);
}

export function readGiven(kind: GivenKind, text: string): Json | undefined {
  if (text === "") return undefined;
  switch (kind) {
    case "text":
      return text;
    case "number":
      return numberIn(text.trim()) ?? text;
    case "boolean":
      return truthIn(text.trim()) ?? text;
    case "list":
      return text.split("|").map((each) => each.trim());
    case "json":
      return parsed(text) ?? text;
  }
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (other === null || other === "") return one === undefined;
  return JSON.stringify(one) === JSON.stringify(other);
}
