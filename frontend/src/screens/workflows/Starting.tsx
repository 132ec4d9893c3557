import { useState } from "react";
import { useNavigate } from "react-router";

import { useAnswer, useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Run, Schema, Version, Workflow } from "../../api/shapes";
import { triggersOf } from "../../document/types";
import type { JsonObject } from "../../document/types";
import { PlainForm } from "../../forms/PlainForm";
import { t } from "../../text";
import { errorsOf, Trouble } from "../../ui/parts";

/** Start a run by hand: with the form that the published version asks for, else with JSON. */
export function Starting({ workflow }: { workflow: Workflow }): React.JSX.Element {
  const { hub } = useSession();
  const go = useNavigate();
  const number = workflow.published?.number ?? 0;
  const version = useAnswer<Version>(`workflows/${workflow.slug}/versions/${String(number)}`);
  const [value, setValue] = useState<JsonObject>({});
  const [text, setText] = useState("{}");
  const [wrong, setWrong] = useState("");
  const document = version.data?.document;
  const form = document
    ? (triggersOf(document).find((each) => each.kind === "manual")?.settings?.["input"] as Schema | undefined)
    : undefined;
  const start = useDoing(
    async (payload: JsonObject) => {
      const run = await hub.post<Run>(`workflows/${workflow.slug}/runs`, { payload });
      await go(`/runs/${run.id}`);
    },
    ["runs"],
  );
  const submit = (): void => {
    if (form) {
      start.mutate(value);
      return;
    }
    const read = readObject(text);
    setWrong(read === null ? t("The input is not a JSON object. Nothing was started.") : "");
    if (read !== null) start.mutate(read);
  };
  return (
    <details className="card">
      <summary>
        <strong>{t("Start a run of version {n}", { n: number })}</strong>
      </summary>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {form ? (
          <PlainForm
            schema={form}
            value={value}
            onChange={setValue}
            place="/payload"
            wrong={errorsOf(start.error)}
          />
        ) : (
          <div className="field">
            <label htmlFor="payload">{t("Input (a JSON object)")}</label>
            <textarea
              id="payload"
              className="code"
              rows={4}
              spellCheck={false}
              value={text}
              aria-invalid={wrong !== "" || undefined}
              aria-describedby={wrong ? "payload-wrong" : undefined}
              onChange={(event) => {
                setText(event.target.value);
              }}
            />
            {wrong ? (
              <p className="wrong" id="payload-wrong" role="alert">
                {wrong}
              </p>
            ) : null}
          </div>
        )}
        <Trouble of={start.error} />
        <div>
          <button className="primary" disabled={start.isPending}>
            {t("Start")}
          </button>
        </div>
      </form>
    </details>
  );
}

function readObject(text: string): JsonObject | null {
  try {
    const read: unknown = JSON.parse(text || "{}");
    return read !== null && typeof read === "object" && !Array.isArray(read) ? (read as JsonObject) : null;
  } catch {
    return null;
  }
}
