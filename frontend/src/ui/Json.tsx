import { useState } from "react";

import type { Json } from "../document/types";
import { t, tn } from "../text";

const MOST = 200;
const LONGEST = 200_000;

/** A value as a tree that unfolds, or as JSON text. What is long is drawn as far as it is unfolded. */
export function JsonView({ title, value }: { title: string; value: Json }): React.JSX.Element | null {
  const [asText, setAsText] = useState(false);
  if (value === null) return null;
  const isFlat = typeof value !== "object";
  return (
    <section className="json" aria-label={title}>
      <div className="row">
        <h3>{title}</h3>
        {isFlat ? null : (
          <button
            type="button"
            className="small"
            aria-pressed={asText}
            onClick={() => {
              setAsText(!asText);
            }}
          >
            {t("As JSON")}
          </button>
        )}
        {isFlat ? null : (
          <button
            type="button"
            className="small"
            onClick={() => void navigator.clipboard.writeText(JSON.stringify(value, null, 2))}
          >
            {t("Copy")}
          </button>
        )}
      </div>
      {asText || isFlat ? (
        <pre tabIndex={0} aria-label={title}>
          {cut(isFlat ? String(value) : JSON.stringify(value, null, 2))}
        </pre>
      ) : (
        <div className="tree-box">
          <Branches of={value} depth={0} />
        </div>
      )}
    </section>
  );
}

function Branches({ of, depth }: { of: Json; depth: number }): React.JSX.Element {
  const [shown, setShown] = useState(MOST);
  const inner = entriesOf(of);
  return (
    <ul className="json-tree">
      {inner.slice(0, shown).map(([name, value]) => (
        <Branch key={name} name={name} value={value} depth={depth} />
      ))}
      {inner.length > shown ? (
        <li>
          <button
            type="button"
            className="small"
            onClick={() => {
              setShown(shown + MOST * 5);
            }}
          >
            {tn("{n} more", "{n} more", inner.length - shown)}
          </button>
        </li>
      ) : null}
    </ul>
  );
}

function Branch({ name, value, depth }: { name: string; value: Json; depth: number }): React.JSX.Element {
  const inner = entriesOf(value).length;
  const [isOpen, setIsOpen] = useState(depth < 1 && inner <= 20);
  if (inner === 0) {
    return (
      <li>
        <span className="json-name">{name}</span> <span className="json-value">{plain(value)}</span>
      </li>
    );
  }
  return (
    <li>
      <button
        type="button"
        className="fold"
        aria-expanded={isOpen}
        onClick={() => {
          setIsOpen(!isOpen);
        }}
      >
        <span aria-hidden="true">{isOpen ? "▾" : "▸"}</span> <span className="json-name">{name}</span>{" "}
        <span className="muted">
          {Array.isArray(value) ? tn("{n} item", "{n} items", inner) : tn("{n} field", "{n} fields", inner)}
        </span>
      </button>
      {isOpen ? <Branches of={value} depth={depth + 1} /> : null}
    </li>
  );
}

function entriesOf(value: Json): (readonly [string, Json])[] {
  if (Array.isArray(value)) return (value as readonly Json[]).map((each, at) => [String(at), each] as const);
  return value !== null && typeof value === "object" ? Object.entries(value) : [];
}

function plain(value: Json): string {
  if (value === null) return "null";
  if (typeof value === "object") return Array.isArray(value) ? "[ ]" : "{ }";
  return typeof value === "string" ? value : String(value);
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}\n…` : text;
}
