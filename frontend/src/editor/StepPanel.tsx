import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import type { Choice, Preview } from "../api/shapes";
import type { StepChange } from "../document/operations";
import { holderOf, stepOf } from "../document/levels";
import { titleOf } from "../document/types";
import type { Json, Step } from "../document/types";
import { Fields } from "../forms/Fields";
import { FormContext } from "../forms/FormContext";
import type { Insert, Offering } from "../forms/FormContext";
import { StepRun } from "../runs/StepRun";
import { said, t } from "../text";
import { connectorOf, fieldsOf, isFrame, whatItDoes } from "./catalog";
import { Connections } from "./Connections";
import { DataTree } from "./DataTree";
import { ItemChooser } from "./ItemChooser";
import { doneIn } from "./items";
import { KindIcon } from "./KindIcon";
import { offersOf, schemaNamed } from "./offers";
import { scopeFor } from "./scope";
import { inWords, problemsOf } from "./problems";
import { Panel } from "./Panel";
import { StepExtras } from "./StepExtras";
import { documentOf, useEditor, useEditorStore } from "./store";

/** The settings of the step that is selected. */
export function StepPanel(): React.JSX.Element | null {
  const id = useEditor((editor) => [...editor.selected][0] ?? "");
  const step = useEditor((editor) => stepOf(documentOf(editor), id));
  return step ? <SettingsOf key={id} step={step} /> : null;
}

function SettingsOf({ step }: { step: Step }): React.JSX.Element {
  const store = useEditorStore();
  const catalog = useEditor((editor) => editor.catalog);
  const own = useEditor((editor) => problemsOf(editor, step.id));
  const run = useEditor((editor) => editor.run);
  const seen = useEditor((editor) => editor.seen);
  const holder = useEditor((editor) => holderOf(documentOf(editor), step.id));
  const isReadOnly = useEditor((editor) => !editor.may.has("workflow.edit"));
  const soughtField = useEditor((editor) => editor.soughtField);
  const [tab, setTab] = useState<"settings" | "run">("settings");
  const insert = useRef<Insert | null>(null);
  const [canInsert, setCanInsert] = useState(false);
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (soughtField === "title") name.current?.focus();
  }, [soughtField]);
  const done = useEditor((editor) => doneIn(editor, step.id));

  const change = (to: StepChange, gesture: string): void => {
    // What is typed in one field is one edit.
    const place = document.activeElement?.closest<HTMLElement>("[data-place]")?.dataset["place"] ?? gesture;
    store.getState().edit({ type: "changeStep", id: step.id, change: to }, `${step.id}:${place}`);
  };
  const problemsAt = useCallback(
    (place: string) => own.filter((each) => each.field === place).map(inWords),
    [own],
  );
  const { hub } = store.getState();
  const connection = catalog.connections.find((each) => each.slug === step.connection);
  const connectionId = connection?.id;
  const choices = useMemo(
    () =>
      connectionId === undefined || !store.getState().may.has("connection.choices")
        ? null
        : async (list: string, values: Readonly<Record<string, Json>>): Promise<readonly Choice[]> =>
            (await hub.post<{ items: Choice[] }>(`connections/${connectionId}/choices/${list}`, { values }))
              .items,
    [hub, connectionId, store],
  );
  const runId = run?.id ?? null;
  const preview = useCallback(
    async (value: Json, place: string): Promise<Preview> => {
      const scope = await scopeFor(store, step.id, place);
      return hub.post<Preview>("expressions/evaluate", { value, run: runId, scope });
    },
    // The item that is looked at decides what is seen.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [hub, runId, store, step.id, seen],
  );
  const onFocus = useCallback((to: Insert) => {
    insert.current = to;
    setCanInsert(true);
  }, []);
  const surroundings = useMemo(
    () => ({
      isReadOnly,
      problemsAt,
      choices,
      offers: (list: string, values: Readonly<Record<string, Json>>, of: Offering) =>
        offersOf(catalog, list, values, of),
      schemaOf: (name: string) => schemaNamed(catalog, name),
      preview,
      onFocus,
      soughtField,
    }),
    [isReadOnly, problemsAt, choices, catalog, preview, onFocus, soughtField],
  );
  const fields = fieldsOf(catalog, step);
  const about =
    (step.kind === "action" ? catalog.actions.get(step.action ?? "") : catalog.kinds.get(step.kind))
      ?.description ?? "";
  const general = own.filter((each) => !each.field.includes("/") || each.field === "");
  return (
    <Panel title={titleOf(step)}>
      <p className="row muted">
        <KindIcon kind={step.kind} />
        {whatItDoes(catalog, step)}
      </p>
      <p className="help">{said(about)}</p>
      {holder === "" ? null : <ItemLine holder={holder} />}
      {isFrame(catalog, step) ? <ItemLine holder={step.id} /> : null}
      {done ? (
        <div className="tabs-row" role="group" aria-label={t("What to show of the step")}>
          <button
            type="button"
            className="small"
            aria-pressed={tab === "settings"}
            onClick={() => {
              setTab("settings");
            }}
          >
            {t("Settings")}
          </button>
          <button
            type="button"
            className="small"
            aria-pressed={tab === "run"}
            onClick={() => {
              setTab("run");
            }}
          >
            {t("In the run")}
          </button>
        </div>
      ) : null}
      {done && tab === "run" ? (
        <StepRun step={done} />
      ) : (
        <FormContext.Provider value={surroundings}>
          <div className="field">
            <label htmlFor="step-title">{t("Name")}</label>
            <input
              id="step-title"
              ref={name}
              value={step.title ?? ""}
              placeholder={step.id}
              readOnly={isReadOnly}
              onChange={(event) => {
                change({ title: event.target.value === "" ? undefined : event.target.value }, "title");
              }}
            />
          </div>
          {general.map((each) => (
            <p className="wrong" key={each.code + each.field}>
              {inWords(each)}
            </p>
          ))}
          {step.kind === "action" ? (
            <Connections connector={connectorOf(step.action ?? "")} step={step} change={change} />
          ) : null}
          {fields ? (
            <Fields
              schema={fields.schema}
              root={fields.schema}
              value={step[fields.part] ?? {}}
              place={fields.part}
              onChange={(value) => {
                change(fields.part === "input" ? { input: value } : { settings: value }, fields.part);
              }}
            />
          ) : (
            <p className="notice warn">
              {t("Nothing here knows “{name}”. Its settings are kept as they are.", {
                name: step.action ?? step.kind,
              })}
            </p>
          )}
          <DataTree
            step={step.id}
            isUsable={canInsert && !isReadOnly}
            onPick={(path) => insert.current?.(path)}
          />
          <StepExtras step={step} change={change} />
        </FormContext.Provider>
      )}
    </Panel>
  );
}

/** The item of a for-each that values are seen of. */
function ItemLine({ holder }: { holder: string }): React.JSX.Element | null {
  const title = useEditor((editor) => {
    const step = stepOf(documentOf(editor), holder);
    return editor.seen[holder] && step ? titleOf(step) : null;
  });
  if (title === null) return null;
  return (
    <p className="row">
      <span className="muted">{title}</span>
      <ItemChooser holder={holder} />
    </p>
  );
}
