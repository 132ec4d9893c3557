import { useCallback, useEffect, useMemo, useRef, useState } from "react";

import type { Choice, Preview } from "../api/shapes";
import type { StepChange } from "../document/operations";
import { stepOf, titleOf } from "../document/types";
import type { Json, Step } from "../document/types";
import { Fields } from "../forms/Fields";
import { FormContext } from "../forms/FormContext";
import type { Insert, Offering } from "../forms/FormContext";
import { StepRun } from "../runs/StepRun";
import { connectorOf, fieldsOf, whatItDoes } from "./catalog";
import { Connections } from "./Connections";
import { DataTree } from "./DataTree";
import { KindIcon } from "./KindIcon";
import { offersOf, schemaNamed } from "./offers";
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
  const problems = useEditor((editor) => editor.problems);
  const run = useEditor((editor) => editor.run);
  const isReadOnly = useEditor((editor) => !editor.may.has("workflow.edit"));
  const soughtField = useEditor((editor) => editor.soughtField);
  const [tab, setTab] = useState<"settings" | "run">("settings");
  const insert = useRef<Insert | null>(null);
  const [canInsert, setCanInsert] = useState(false);
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (soughtField === "title") name.current?.focus();
  }, [soughtField]);
  const own = useMemo(() => problems.filter((each) => each.step === step.id), [problems, step.id]);
  const done = run?.steps.find((each) => each.step === step.id && each.item === "");

  const change = (to: StepChange, gesture: string): void => {
    store.getState().edit({ type: "changeStep", id: step.id, change: to }, `${step.id}:${gesture}`);
  };
  const problemsAt = useCallback(
    (place: string) =>
      own.filter((each) => each.field === place).map((each) => `${each.message} ${each.hint}`.trim()),
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
  const settings = step.settings;
  const preview = useCallback(
    async (value: Json, place: string): Promise<Preview> => {
      const isOfItem = step.kind === "filter" && place === "settings/where";
      const scope: Record<string, Json> = isOfItem ? await firstItem(settings?.["items"] ?? null) : {};
      return hub.post<Preview>("expressions/evaluate", { value, run: runId, scope });

      async function firstItem(items: Json): Promise<Record<string, Json>> {
        const seen = await hub.post<Preview>("expressions/evaluate", { value: items, run: runId });
        const held = Array.isArray(seen.value) ? (seen.value as readonly Json[])[0] : seen.value;
        return { item: held ?? null, index: 0 };
      }
    },
    [hub, runId, settings, step.kind],
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
  const general = own.filter((each) => !each.field.includes("/") || each.field === "");
  return (
    <Panel title={titleOf(step)}>
      <p className="row muted">
        <KindIcon kind={step.kind} />
        {whatItDoes(catalog, step)}
      </p>
      {done ? (
        <div className="tabs-row" role="group" aria-label="What to show of the step">
          <button
            type="button"
            className="small"
            aria-pressed={tab === "settings"}
            onClick={() => {
              setTab("settings");
            }}
          >
            Settings
          </button>
          <button
            type="button"
            className="small"
            aria-pressed={tab === "run"}
            onClick={() => {
              setTab("run");
            }}
          >
            In the run
          </button>
        </div>
      ) : null}
      {done && tab === "run" ? (
        <StepRun step={done} />
      ) : (
        <FormContext.Provider value={surroundings}>
          <div className="field">
            <label htmlFor="step-title">Name</label>
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
            <p className="wrong" key={each.code + each.field}>{`${each.message} ${each.hint}`}</p>
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
            <p className="notice warn">{`Nothing here knows "${step.action ?? step.kind}". Its settings are kept as they are.`}</p>
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
