import { useState } from "react";

import type { StepChange } from "../document/operations";
import { stepOf } from "../document/levels";
import type { Retry, Step } from "../document/types";
import { t } from "../text";
import type { Text } from "../text";
import { documentOf, useEditor, useEditorStore } from "./store";

const RETRY: readonly { name: keyof Retry; title: Text; usual: number }[] = [
  { name: "attempts", title: "Tries, the first one counted", usual: 5 },
  { name: "first_seconds", title: "First pause, in seconds", usual: 2 },
  { name: "factor", title: "Each pause is longer by the factor", usual: 2 },
  { name: "longest_seconds", title: "Longest pause, in seconds", usual: 300 },
];

/** A note, the id, and for actions how often they are tried and how long one try may take. */
export function StepExtras({
  step,
  change,
}: {
  step: Step;
  change: (to: StepChange, gesture: string) => void;
}): React.JSX.Element {
  const isReadOnly = useEditor((editor) => !editor.may.has("workflow.edit"));
  const number = (
    id: string,
    title: string,
    value: number | undefined,
    usual: number,
    set: (to: number | undefined) => void,
  ): React.JSX.Element => (
    <div className="field" key={id}>
      <label htmlFor={id}>{title}</label>
      <input
        id={id}
        type="number"
        min={0}
        step="any"
        value={value ?? ""}
        placeholder={String(usual)}
        readOnly={isReadOnly}
        onChange={(event) => {
          set(event.target.value === "" ? undefined : Number(event.target.value));
        }}
      />
    </div>
  );
  return (
    <>
      <details className="extras" open={step.note !== undefined}>
        <summary>{t("Note")}</summary>
        <div className="field">
          <label htmlFor="step-note" className="hidden-visually">
            {t("Note")}
          </label>
          <textarea
            id="step-note"
            rows={3}
            value={step.note ?? ""}
            placeholder={t("Why it is done, for whoever reads this next")}
            readOnly={isReadOnly}
            onChange={(event) => {
              change({ note: event.target.value === "" ? undefined : event.target.value }, "note");
            }}
          />
        </div>
      </details>
      {step.kind === "action" ? (
        <details className="extras" open={step.retry !== undefined || step.timeout_seconds !== undefined}>
          <summary>{t("Tries and time")}</summary>
          <div className="fields">
            {RETRY.map(({ name, title, usual }) =>
              number(`step-${name}`, t(title), step.retry?.[name], usual, (to) => {
                const { [name]: _, ...others } = step.retry ?? {};
                const made: Retry = to === undefined ? others : { ...others, [name]: to };
                change({ retry: Object.keys(made).length === 0 ? undefined : made }, `retry-${name}`);
              }),
            )}
            {number("step-timeout", t("One try may take, in seconds"), step.timeout_seconds, 30, (to) => {
              change({ timeout_seconds: to }, "timeout");
            })}
          </div>
        </details>
      ) : null}
      <details className="extras">
        <summary>{t("Id in expressions")}</summary>
        <Id step={step} isReadOnly={isReadOnly} />
      </details>
    </>
  );
}

/** The id is changed in one go: expressions that read the step follow. */
function Id({ step, isReadOnly }: { step: Step; isReadOnly: boolean }): React.JSX.Element {
  const store = useEditorStore();
  const [draft, setDraft] = useState(step.id);
  const isTaken = useEditor((editor) => draft !== step.id && stepOf(documentOf(editor), draft) !== undefined);
  const isFit = /^[a-z][a-z0-9_]{0,62}$/.test(draft);
  return (
    <div className="field">
      <label htmlFor="step-id">
        {t("Read as")} <code>{`steps.${step.id}`}</code>
      </label>
      <div className="row">
        <input
          id="step-id"
          value={draft}
          readOnly={isReadOnly}
          onChange={(event) => {
            setDraft(event.target.value);
          }}
        />
        <button
          type="button"
          className="small"
          disabled={isReadOnly || draft === step.id || !isFit || isTaken}
          onClick={() => {
            store.getState().edit({ type: "renameStep", id: step.id, to: draft });
            store.getState().open(draft);
          }}
        >
          {t("Rename")}
        </button>
      </div>
      {isTaken ? <p className="wrong">{t("Another step is called so.")}</p> : null}
      {isFit ? null : (
        <p className="wrong">{t("Begin with a small letter; go on with small letters, digits and _.")}</p>
      )}
    </div>
  );
}
