import { useEffect, useMemo, useState } from "react";

import type { LiveTrigger, Preview, TriggerKind, WorkflowName } from "../api/shapes";
import { freeId } from "../document/names";
import { triggersOf } from "../document/types";
import type { Json, JsonObject, Trigger } from "../document/types";
import { Fields } from "../forms/Fields";
import { FormContext } from "../forms/FormContext";
import type { Offering } from "../forms/FormContext";
import { LiveTriggerView } from "./LiveTriggerView";
import { offersOf, schemaNamed } from "./offers";
import { Panel } from "./Panel";
import { cronOf, FIRST, oneKind } from "../document/schedule";
import { ScheduleBuilder } from "./ScheduleBuilder";
import { SchedulePreview } from "./SchedulePreview";
import { documentOf, useEditor, useEditorStore } from "./store";
import { said, t } from "../text";
import { inWords } from "./problems";

const FIRST_IDS: Readonly<Record<string, string>> = { manual: "by_hand" };

/** What starts the workflow. */
export function Triggers(): React.JSX.Element {
  const store = useEditorStore();
  const document = useEditor(documentOf);
  const kinds = useEditor((editor) => editor.catalog.triggers);
  const isReadOnly = useEditor((editor) => !editor.may.has("workflow.edit"));
  const published = useEditor((editor) => editor.published);
  const [live, setLive] = useState<readonly LiveTrigger[]>([]);
  const triggers = triggersOf(document);
  const { hub, slug } = store.getState();
  useEffect(() => {
    let isCurrent = true;
    if (published) {
      void hub.get<{ items: LiveTrigger[] }>(`workflows/${slug}/triggers`).then(({ items }) => {
        if (isCurrent) setLive(items);
      });
    }
    return () => {
      isCurrent = false;
    };
  }, [hub, slug, published]);
  const add = (kind: TriggerKind): void => {
    const id = freeId(FIRST_IDS[kind.name] ?? kind.name, new Set(triggers.map((each) => each.id)));
    store.getState().edit({ type: "addTrigger", trigger: { id, kind: kind.name, ...firstOf(kind.name) } });
  };
  return (
    <Panel title={t("What starts it")}>
      <Switch />
      {triggers.map((trigger, at) => (
        <One
          key={trigger.id}
          trigger={trigger}
          place={`triggers/${String(at)}`}
          live={live.find((each) => each.name === trigger.id && each.kind === trigger.kind) ?? null}
        />
      ))}
      {triggers.length === 0 ? <p className="empty">{t("Nothing starts this workflow yet.")}</p> : null}
      {isReadOnly ? null : (
        <div className="fields">
          <h3>{t("Add")}</h3>
          <div className="row">
            {[...kinds.values()].map((kind) => (
              <button
                key={kind.name}
                type="button"
                className="small"
                title={said(kind.description)}
                disabled={kind.name === "manual" && triggers.some((each) => each.kind === "manual")}
                onClick={() => {
                  add(kind);
                }}
              >
                {said(kind.title)}
              </button>
            ))}
          </div>
        </div>
      )}
    </Panel>
  );
}

/** What a new trigger begins with: a schedule with an ordinary rule, by the clocks of whoever adds it. */
function firstOf(kind: string): { settings?: JsonObject } {
  if (kind !== "schedule") return {};
  return { settings: { cron: cronOf(FIRST), zone: Intl.DateTimeFormat().resolvedOptions().timeZone } };
}

/** Whether the triggers of the published version start runs. */
function Switch(): React.JSX.Element | null {
  const store = useEditorStore();
  const isActive = useEditor((editor) => editor.isActive);
  const published = useEditor((editor) => editor.published);
  const may = useEditor((editor) => editor.may.has("workflow.pause"));
  if (!published)
    return (
      <p className="notice info">{t("What you set here works from the first version that you publish.")}</p>
    );
  const turn = async (): Promise<void> => {
    const { hub, slug, announce } = store.getState();
    try {
      const held = await hub.post<WorkflowName & { is_active: boolean }>(`workflows/${slug}/switch`, {
        on: !isActive,
      });
      store.setState({ isActive: held.is_active });
      announce(held.is_active ? t("Its triggers start runs now.") : t("Its triggers start no more runs."));
    } catch (trouble) {
      announce(trouble instanceof Error ? trouble.message : String(trouble));
    }
  };
  return (
    <p className="row">
      <span className={`badge ${isActive ? "good" : ""}`}>
        {isActive ? t("Switched on") : t("Switched off")}
      </span>
      {may ? (
        <button type="button" className="small" onClick={() => void turn()}>
          {isActive ? t("Switch off") : t("Switch on")}
        </button>
      ) : null}
      <small className="muted">
        {t("Version {n} runs; changes here work once they are published.", { n: published.number })}
      </small>
    </p>
  );
}

function One({
  trigger,
  place,
  live,
}: {
  trigger: Trigger;
  place: string;
  live: LiveTrigger | null;
}): React.JSX.Element {
  const store = useEditorStore();
  const catalog = useEditor((editor) => editor.catalog);
  const problems = useEditor((editor) => editor.problems);
  const isReadOnly = useEditor((editor) => !editor.may.has("workflow.edit"));
  const kind = catalog.triggers.get(trigger.kind);
  const title = said(kind?.title ?? trigger.kind);
  const surroundings = useMemo(
    () => ({
      isReadOnly,
      mayCompute: false,
      problemsAt: (at: string) =>
        problems.filter((each) => each.step === "" && each.field === at).map(inWords),
      choices: null,
      offers: (list: string, values: Readonly<Record<string, Json>>, of: Offering) =>
        offersOf(catalog, list, values, of),
      schemaOf: (name: string) => schemaNamed(catalog, name),
      preview: (value: Json) => store.getState().hub.post<Preview>("expressions/evaluate", { value }),
      onFocus: () => undefined,
      soughtField: "",
    }),
    [isReadOnly, problems, catalog, store],
  );
  const own = problems.filter((each) => each.step === "" && each.field === `${place}/settings`);
  return (
    <section className="card" aria-label={title}>
      <div className="title">
        <h3>{title}</h3>
        {isReadOnly ? null : (
          <button
            type="button"
            className="small actions"
            aria-label={t("Remove {title}", { title })}
            onClick={() => {
              store.getState().edit({ type: "removeTrigger", id: trigger.id });
            }}
          >
            {t("Remove")}
          </button>
        )}
      </div>
      <p className="muted">{said(kind?.description ?? "")}</p>
      {live ? <LiveTriggerView trigger={live} /> : null}
      {own.map((each) => (
        <p className="wrong" key={each.message}>
          {inWords(each)}
        </p>
      ))}
      {trigger.kind === "schedule" && trigger.settings?.["every_seconds"] === undefined ? (
        <ScheduleBuilder
          cron={typeof trigger.settings?.["cron"] === "string" ? trigger.settings["cron"] : ""}
          isReadOnly={isReadOnly}
          onChange={(cron) => {
            store
              .getState()
              .edit(
                { type: "changeTrigger", id: trigger.id, settings: { ...trigger.settings, cron } },
                `trigger:${trigger.id}`,
              );
          }}
        />
      ) : null}
      {kind ? (
        <FormContext.Provider value={surroundings}>
          <Fields
            schema={kind.settings_schema}
            root={kind.settings_schema}
            value={trigger.settings ?? {}}
            place={`${place}/settings`}
            onChange={(changed) => {
              const settings =
                trigger.kind === "schedule" ? oneKind(trigger.settings ?? {}, changed) : changed;
              store
                .getState()
                .edit({ type: "changeTrigger", id: trigger.id, settings }, `trigger:${trigger.id}`);
            }}
          />
        </FormContext.Provider>
      ) : null}
      {trigger.kind === "schedule" ? <SchedulePreview settings={trigger.settings ?? {}} /> : null}
    </section>
  );
}
