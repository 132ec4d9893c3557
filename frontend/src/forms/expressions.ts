/** Expressions as they stand in values: "=" before a whole value, {{ }} inside text. */

import type { Json } from "../document/types";

/** Whether the whole value is an expression. */
export function isWhole(value: Json | undefined): boolean {
  return typeof value === "string" && value.startsWith("=") && !value.startsWith("==");
}

/** Whether evaluating could give something else than the value itself. */
export function holdsExpression(value: Json | undefined): boolean {
  if (typeof value === "string") return isWhole(value) || value.includes("{{");
  if (Array.isArray(value)) return value.some((each: Json) => holdsExpression(each));
  if (value !== null && typeof value === "object") return Object.values(value).some(holdsExpression);
  return false;
}

/** Plain text as a value: text that begins with "=" is written with two. */
export function fromText(text: string): string {
  return text.startsWith("=") ? `=${text}` : text;
}

export function toText(value: string): string {
  return value.startsWith("==") ? value.slice(1) : value;
}

/** A path as JSONata writes it: names that are not plain stand in backquotes, numbers in brackets. */
export function pathOf(parts: readonly (string | number)[]): string {
  return parts
    .map((part, at) => {
      if (typeof part === "number") return `[${String(part)}]`;
      const name = /^[A-Za-z_][A-Za-z0-9_]*$/.test(part) && !RESERVED.has(part) ? part : `\`${part}\``;
      return at === 0 ? name : `.${name}`;
    })
    .join("");
}

const RESERVED: ReadonlySet<string> = new Set(["and", "or", "in", "true", "false", "null", "function"]);

/** What a field becomes when a path is put into it, at the place of the cursor. */
export function withPath(
  value: Json | undefined,
  path: string,
  isText: boolean,
  from: number,
  to: number,
): { value: string; cursor: number } {
  if (isWhole(value)) {
    const text = (value as string).slice(1);
    const made = text.slice(0, from) + path + text.slice(to);
    return { value: `=${made}`, cursor: from + path.length };
  }
  const text = typeof value === "string" ? toText(value) : "";
  if (isText && text !== "") {
    const inside = `{{ ${path} }}`;
    const made = text.slice(0, from) + inside + text.slice(to);
    return { value: fromText(made), cursor: from + inside.length };
  }
  return { value: `=${path}`, cursor: path.length };
}
