import { useMemo } from "react";

import type { TriggerKind } from "../api/shapes";
import { freeId } from "../document/names";
import { triggersOf } from "../document/types";
import type { Json, Trigger } from "../document/types";
import { Fields } from "../forms/Fields";
import { FormContext } from "../forms/FormContext";
import { Panel } from "./Panel";
import { documentOf, useEditor, useEditorStore } from "./store";

const FIRST_IDS: Readonly<Record<string, string>> = { manual: "by_hand" };

/** What starts the workflow. */
export function Triggers(): React.JSX.Element {
  const store = useEditorStore();
  const document = useEditor(documentOf);
  const kinds = useEditor((editor) => editor.catalog.triggers);
  const isReadOnly = useEditor((editor) => !editor.may.has("workflow.edit"));
  const triggers = triggersOf(document);
  const add = (kind: TriggerKind): void => {
    const id = freeId(FIRST_IDS[kind.name] ?? kind.name, new Set(triggers.map((each) => each.id)));
    store.getState().edit({ type: "addTrigger", trigger: { id, kind: kind.name } });
  };
  return (
    <Panel title="What starts it">
      {triggers.map((trigger, at) => (
        <One key={trigger.id} trigger={trigger} place={`triggers/${String(at)}`} />
      ))}
      {triggers.length === 0 ? <p className="empty">Nothing starts this workflow yet.</p> : null}
      {isReadOnly ? null : (
        <div className="fields">
          <h3>Add</h3>
          <div className="row">
            {[...kinds.values()].map((kind) => (
              <button
                key={kind.name}
                type="button"
                className="small"
                title={kind.description}
                disabled={kind.name === "manual" && triggers.some((each) => each.kind === "manual")}
                onClick={() => {
                  add(kind);
                }}
              >
                {kind.title}
              </button>
            ))}
          </div>
        </div>
      )}
    </Panel>
  );
}

function One({ trigger, place }: { trigger: Trigger; place: string }): React.JSX.Element {
  const store = useEditorStore();
  const kind = useEditor((editor) => editor.catalog.triggers.get(trigger.kind));
  const problems = useEditor((editor) => editor.problems);
  const isReadOnly = useEditor((editor) => !editor.may.has("workflow.edit"));
  const surroundings = useMemo(
    () => ({
      isReadOnly,
      problemsAt: (at: string) =>
        problems
          .filter((each) => each.step === "" && each.field === at)
          .map((each) => `${each.message} ${each.hint}`.trim()),
      choices: null,
      preview: async (value: Json) => store.getState().hub.post<never>("expressions/evaluate", { value }),
      onFocus: () => undefined,
      soughtField: "",
    }),
    [isReadOnly, problems, store],
  );
  return (
    <section className="card" aria-label={kind?.title ?? trigger.kind}>
      <div className="row">
        <h3>{kind?.title ?? trigger.kind}</h3>
        {isReadOnly ? null : (
          <button
            type="button"
            className="small"
            aria-label={`Remove ${kind?.title ?? trigger.kind}`}
            onClick={() => {
              store.getState().edit({ type: "removeTrigger", id: trigger.id });
            }}
          >
            Remove
          </button>
        )}
      </div>
      <p className="muted">{kind?.description}</p>
      {kind ? (
        <FormContext.Provider value={surroundings}>
          <Fields
            schema={kind.settings_schema}
            root={kind.settings_schema}
            value={trigger.settings ?? {}}
            place={`${place}/settings`}
            onChange={(settings) => {
              store
                .getState()
                .edit({ type: "changeTrigger", id: trigger.id, settings }, `trigger:${trigger.id}`);
            }}
          />
        </FormContext.Provider>
      ) : null}
    </section>
  );
}
