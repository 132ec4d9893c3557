import { useMemo, useState } from "react";

import { stepsBefore } from "../document/graph";
import { holderOf, stepOf } from "../document/levels";
import { titleOf, triggersOf } from "../document/types";
import type { Json } from "../document/types";
import { exampleOf } from "../forms/schema";
import { pathOf } from "../forms/expressions";
import { t, tn } from "../text";
import { doneIn } from "./items";
import { documentOf, useEditor, useEditorStore } from "./store";

interface Source {
  readonly title: string;
  readonly parts: readonly string[];
  readonly value: Json | undefined;
  readonly isReal: boolean;
}

const MOST = 50;

/** What the step can read: what started the run, and the steps before it. A click puts a path into the field. */
export function DataTree({
  step,
  isUsable,
  onPick,
}: {
  step: string;
  isUsable: boolean;
  onPick: (path: string) => void;
}): React.JSX.Element {
  const document = useEditor(documentOf);
  const catalog = useEditor((editor) => editor.catalog);
  const run = useEditor((editor) => editor.run);
  const seen = useEditor((editor) => editor.seen);
  const store = useEditorStore();
  const sources = useMemo((): Source[] => {
    const before = stepsBefore(document, step).flatMap((id): Source[] => {
      const held = stepOf(document, id);
      if (!held) return [];
      const found = doneIn({ ...store.getState(), run, seen }, id);
      const done = found?.state === "succeeded" ? found : undefined;
      const schema = catalog.actions.get(held.action ?? "")?.output_schema;
      const value = done ? done.output : schema ? exampleOf(schema, schema) : undefined;
      return [{ title: titleOf(held), parts: ["steps", id], value, isReal: done !== undefined }];
    });
    const event = triggersOf(document).flatMap((each) => {
      const name = each.settings?.["source"] ?? each.settings?.["event"];
      return (typeof name === "string" && catalog.eventSources.get(name)) || [];
    })[0];
    const example = event ? exampleOf(event.output_schema, event.output_schema) : undefined;
    const started: Source = {
      title: t("What started the run"),
      parts: ["trigger"],
      value: run ? run.payload : example,
      isReal: run !== null,
    };
    const holder = holderOf(document, step);
    const held = seen[holder];
    const isSeen = held !== undefined && held.total > 0;
    const looked: Source[] =
      holder === ""
        ? []
        : [
            { title: t("The item"), parts: ["item"], value: isSeen ? held.item : undefined, isReal: isSeen },
            {
              title: t("Its number"),
              parts: ["index"],
              value: isSeen ? held.index : undefined,
              isReal: isSeen,
            },
          ];
    return [...looked, started, ...before];
  }, [document, catalog, run, seen, store, step]);
  return (
    <details className="extras data" open>
      <summary>{t("Data you can use")}</summary>
      <p className="help">
        {isUsable
          ? t("Choose a value to put it where the cursor is.")
          : t("Go to a field first, then choose a value for it.")}
      </p>
      <ul className="tree">
        {sources.map((source) => (
          <Branch
            key={source.parts.join(".")}
            name={source.title}
            note={
              source.isReal
                ? t("last run")
                : source.value === undefined
                  ? t("known after a run")
                  : t("expected")
            }
            parts={source.parts}
            value={source.value}
            isUsable={isUsable}
            onPick={onPick}
            isOpen
          />
        ))}
      </ul>
    </details>
  );
}

function Branch({
  name,
  note,
  parts,
  value,
  isUsable,
  onPick,
  isOpen = false,
}: {
  name: string;
  note?: string;
  parts: readonly (string | number)[];
  value: Json | undefined;
  isUsable: boolean;
  onPick: (path: string) => void;
  isOpen?: boolean;
}): React.JSX.Element {
  const [shows, setShows] = useState(isOpen);
  const inner = entriesOf(value);
  const path = pathOf(parts);
  return (
    <li>
      <div className="tree-row">
        {inner.length > 0 ? (
          <button
            type="button"
            className="fold"
            aria-expanded={shows}
            aria-label={shows ? t("Fold {name}", { name }) : t("Unfold {name}", { name })}
            onClick={() => {
              setShows(!shows);
            }}
          >
            {shows ? "▾" : "▸"}
          </button>
        ) : (
          <span className="fold" />
        )}
        <button
          type="button"
          className="pick"
          disabled={!isUsable}
          title={path}
          onMouseDown={(event) => {
            event.preventDefault(); // The field keeps its cursor.
          }}
          onClick={() => {
            onPick(path);
          }}
        >
          <span>{name}</span>
          <small>{note ?? shortly(value)}</small>
        </button>
      </div>
      {shows && inner.length > 0 ? (
        <ul>
          {inner.slice(0, MOST).map(([each, held]) => (
            <Branch
              key={each}
              name={typeof each === "number" ? t("item {n}", { n: each + 1 }) : each}
              parts={[...parts, each]}
              value={held}
              isUsable={isUsable}
              onPick={onPick}
            />
          ))}
          {inner.length > MOST ? (
            <li className="muted">{t("{n} more", { n: inner.length - MOST })}</li>
          ) : null}
        </ul>
      ) : null}
    </li>
  );
}

function entriesOf(value: Json | undefined): [string | number, Json][] {
  if (Array.isArray(value)) return (value as readonly Json[]).map((each, at) => [at, each]);
  return value !== null && typeof value === "object" ? Object.entries(value) : [];
}

function shortly(value: Json | undefined): string {
  if (Array.isArray(value)) return tn("{n} item", "{n} items", value.length);
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return "";
  const text = String(value);
  return text.length > 40 ? `${text.slice(0, 40)}…` : text;
}
