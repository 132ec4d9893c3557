import { useState } from "react";

import { useAnswer, useDoing } from "../api/asking";
import { useSession } from "../api/session";
import type { Run, Schema, Version } from "../api/shapes";
import { formOf } from "../document/types";
import type { JsonObject } from "../document/types";
import { PlainForm } from "../forms/PlainForm";
import { t } from "../text";
import { errorsOf, Trouble } from "../ui/parts";

/** Start the published version by hand: with the form that it asks for, else with JSON. */
export function StartForm({
  slug,
  number,
  onStarted,
}: {
  slug: string;
  number: number;
  onStarted: (run: string) => unknown;
}): React.JSX.Element {
  const { hub } = useSession();
  const version = useAnswer<Version>(`workflows/${slug}/versions/${String(number)}`);
  const [value, setValue] = useState<JsonObject>({});
  const [text, setText] = useState("{}");
  const [wrong, setWrong] = useState("");
  const document = version.data?.document;
  const form = document ? (formOf(document) as Schema | undefined) : undefined;
  const start = useDoing(
    async (payload: JsonObject) => {
      const run = await hub.post<Run>(`workflows/${slug}/runs`, { payload });
      await onStarted(run.id);
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
          <label htmlFor="payload">{t("Input (JSON, read as trigger)")}</label>
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
        <button className="primary" disabled={start.isPending || version.isPending}>
          {t("Start version {n}", { n: number })}
        </button>
      </div>
    </form>
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
