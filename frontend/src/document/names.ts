/** Ids of steps: made from words, unique, and renamed also where expressions read them. */

import { allSteps } from "./levels";
import type { Json, JsonObject, Level } from "./types";

const LONGEST = 63;
const GERMAN: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", ß: "ss" };

/** An id made of words: "Send the greeting" becomes send_the_greeting. */
export function idFrom(words: string): string {
  const plain = words
    .normalize("NFC")
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => GERMAN[letter] ?? "")
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^[^a-z]+|_+$/g, "");
  return plain.slice(0, LONGEST - 5).replace(/_+$/, "") || "step";
}

/** The id itself, or with the first free number behind it. */
export function freeId(wanted: string, taken: ReadonlySet<string>): string {
  if (!taken.has(wanted)) return wanted;
  let number = 2;
  while (taken.has(`${wanted}_${String(number)}`)) number += 1;
  return `${wanted}_${String(number)}`;
}

/** The ids of all steps, also of those inside of others. */
export function stepIds(document: Level): Set<string> {
  return new Set(allSteps(document).map((step) => step.id));
}

/** Every expression inside the value reads the new ids where it read the old ones. */
export function renamedReads<Value extends Json>(value: Value, ids: ReadonlyMap<string, string>): Value {
  if (typeof value === "string") return renamedInText(value, ids) as Value;
  if (Array.isArray(value)) return value.map((each: Json) => renamedReads(each, ids)) as unknown as Value;
  if (value !== null && typeof value === "object") {
    const held = value as JsonObject;
    return Object.fromEntries(
      Object.entries(held).map(([name, inner]) => [name, renamedReads(inner, ids)]),
    ) as Value;
  }
  return value;
}

function renamedInText(text: string, ids: ReadonlyMap<string, string>): string {
  if (text.startsWith("==")) return text;
  if (text.startsWith("=")) return renamedInExpression(text, ids);
  return text.replace(/\{\{[^]*?\}\}/g, (inside) => renamedInExpression(inside, ids));
}

/** Strings within the expression are passed over: the first alternatives of the pattern. */
function renamedInExpression(source: string, ids: ReadonlyMap<string, string>): string {
  return source.replace(
    /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\bsteps\s*\.\s*(`?)([a-z][a-z0-9_]*)\1(?![a-zA-Z0-9_])/g,
    (whole: string, quote: string | undefined, id: string | undefined) => {
      const renamed = id === undefined ? undefined : ids.get(id);
      return renamed === undefined ? whole : `steps.${quote ?? ""}${renamed}${quote ?? ""}`;
    },
  );
}
