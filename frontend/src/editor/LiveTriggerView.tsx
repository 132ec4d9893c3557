import { useState } from "react";

import type { LiveTrigger } from "../api/shapes";
import { useEditor, useEditorStore } from "./store";

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
            Call <code>{trigger.address}</code>
          </p>
          <div className="row">
            <button
              type="button"
              className="small"
              onClick={() => {
                void navigator.clipboard.writeText(curl).then(() => {
                  store.getState().announce("The command was copied.");
                });
              }}
            >
              Copy as curl
            </button>
            {needsSecret && may ? (
              <button type="button" className="small" onClick={() => void make()}>
                {trigger.has_secret ? "Replace the secret" : "Make a secret"}
              </button>
            ) : null}
          </div>
          {needsSecret && !trigger.has_secret && secret === "" ? (
            <p>It has no secret yet, so every call is refused.</p>
          ) : null}
          {secret ? (
            <p role="status">
              The new secret, shown this once: <code>{secret}</code>
            </p>
          ) : null}
        </>
      ) : null}
      {trigger.schedule?.fires[0] ? (
        <p>
          Next:{" "}
          <time dateTime={trigger.schedule.fires[0]}>
            {new Date(trigger.schedule.fires[0]).toLocaleString()}
          </time>
        </p>
      ) : null}
      {trigger.asked_at ? <p>{`Last asked ${new Date(trigger.asked_at).toLocaleString()}.`}</p> : null}
      {trigger.fired_at ? (
        <p>{`Last started a run ${new Date(trigger.fired_at).toLocaleString()}.`}</p>
      ) : null}
      {trigger.error?.message ? <p className="wrong">{trigger.error.message}</p> : null}
      {trigger.warnings.map((each) => (
        <p className="wrong" key={each}>
          {each}
        </p>
      ))}
      {trigger.kind === "manual" ? <p>Somebody starts it under Runs.</p> : null}
    </div>
  );
}
