import { useState } from "react";

import type { LiveTrigger } from "../api/shapes";
import { useEditor, useEditorStore } from "./store";
import { t } from "../text";
import { moment } from "../text/time";

/** How a published trigger does: where it is called, when it is next due, what went wrong. */
export function LiveTriggerView({ trigger }: { trigger: LiveTrigger }): React.JSX.Element {
  const store = useEditorStore();
  const may = useEditor((editor) => editor.may.has("trigger.edit"));
  const [secret, setSecret] = useState("");
  const check = trigger.settings["check"];
  const kind =
    check !== null && typeof check === "object" && !Array.isArray(check)
      ? (check as { kind?: string }).kind
      : "";
  const needsSecret = trigger.kind === "webhook" && Boolean(kind) && kind !== "none";
  const make = async (): Promise<void> => {
    const { hub, announce } = store.getState();
    try {
      setSecret((await hub.post<{ secret: string }>(`triggers/${trigger.id}/secret`, {})).secret);
    } catch (trouble) {
      announce(trouble instanceof Error ? trouble.message : String(trouble));
    }
  };
  const curl = `curl -X POST ${trigger.address} -H 'Content-Type: application/json' -d '{}'`;
  return (
    <div className="notice info">
      {trigger.address ? (
        <>
          <p>
            {t("Call")} <code>{trigger.address}</code>
          </p>
          <div className="row">
            <button
              type="button"
              className="small"
              onClick={() => {
                void navigator.clipboard.writeText(curl).then(() => {
                  store.getState().announce(t("The command was copied."));
                });
              }}
            >
              {t("Copy as curl")}
            </button>
            {needsSecret && may ? (
              <button type="button" className="small" onClick={() => void make()}>
                {trigger.has_secret ? t("Replace the secret") : t("Make a secret")}
              </button>
            ) : null}
          </div>
          {needsSecret && !trigger.has_secret && secret === "" ? (
            <p>{t("It has no secret yet, so every call is refused.")}</p>
          ) : null}
          {secret ? (
            <p role="status">
              {t("The new secret, shown this once:")} <code>{secret}</code>
            </p>
          ) : null}
        </>
      ) : null}
      {trigger.schedule?.fires[0] ? (
        <p>
          {t("Next:")} <time dateTime={trigger.schedule.fires[0]}>{moment(trigger.schedule.fires[0])}</time>
        </p>
      ) : null}
      {trigger.asked_at ? <p>{t("Last asked: {when}", { when: moment(trigger.asked_at) })}</p> : null}
      {trigger.fired_at ? <p>{t("Last started a run: {when}", { when: moment(trigger.fired_at) })}</p> : null}
      {trigger.error?.message ? <p className="wrong">{trigger.error.message}</p> : null}
      {trigger.warnings.map((each) => (
        <p className="wrong" key={each}>
          {each}
        </p>
      ))}
      {trigger.kind === "manual" ? <p>{t("Somebody starts it under Runs.")}</p> : null}
    </div>
  );
}
