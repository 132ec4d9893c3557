import { Handle, Position } from "@xyflow/react";
import { memo } from "react";

import { edgesOutOf, stepOf } from "../document/levels";
import { portOf, titleOf } from "../document/types";
import type { Step } from "../document/types";
import { StateBadge } from "../runs/StateBadge";
import { t } from "../text";
import { portsIn, whatItDoes } from "./catalog";
import { doneIn } from "./items";
import { ItemChooser } from "./ItemChooser";
import { KindIcon } from "./KindIcon";
import { portWords } from "./portWords";
import { problemsOf } from "./problems";
import { documentOf, useEditor, useEditorStore } from "./store";
import { ITEM } from "./drawing";

interface Shown {
  readonly id: string;
  readonly selected?: boolean;
}

/** One step on the canvas. It is handed its id only, and looks up the rest. */
export const StepNode = memo(function StepNode({ id, selected = false }: Shown) {
  const step = useEditor((editor) => stepOf(documentOf(editor), id));
  const classes = useClasses(id, selected);
  if (!step) return null;
  return (
    <div className={`step${classes}`}>
      <Handle type="target" position={Position.Left} id="in" />
      <Head step={step} />
      <Ports step={step} />
    </div>
  );
});

/** A step that holds others: a frame around them. */
export const FrameNode = memo(function FrameNode({ id, selected = false }: Shown) {
  const store = useEditorStore();
  const step = useEditor((editor) => stepOf(documentOf(editor), id));
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  const classes = useClasses(id, selected);
  if (!step) return null;
  const isEmpty = (step.body?.steps.length ?? 0) === 0;
  return (
    <div className={`step frame${classes}`}>
      <Handle type="target" position={Position.Left} id="in" style={{ top: 31 }} />
      <Head step={step}>
        <ItemChooser holder={id} />
      </Head>
      <div className="frame-inside">
        <span className="frame-begin">
          {step.kind === "repeat" ? t("each round") : t("each item")}
          <Handle type="source" position={Position.Right} id={ITEM} isConnectable={false} />
        </span>
        {isEmpty ? (
          <div className="frame-empty">
            <span>{t("Nothing is done inside yet.")}</span>
            {mayEdit ? (
              <button
                type="button"
                className="small nodrag"
                aria-label={t("Add the first step inside {title}", { title: titleOf(step) })}
                onClick={(event) => {
                  event.stopPropagation();
                  store.getState().add({ kind: "free", into: id });
                }}
              >
                {t("Add the first step inside")}
              </button>
            ) : null}
          </div>
        ) : null}
      </div>
      <Ports step={step} />
    </div>
  );
});

function useClasses(id: string, selected: boolean): string {
  const wrong = useEditor((editor) => problemsOf(editor, id).length > 0);
  const state = useEditor((editor) => doneIn(editor, id)?.state);
  return `${selected ? " selected" : ""}${wrong ? " wrong" : ""}${state ? ` run-${state}` : ""}`;
}

function Head({ step, children }: { step: Step; children?: React.ReactNode }): React.JSX.Element {
  const catalog = useEditor((editor) => editor.catalog);
  const wrong = useEditor((editor) => problemsOf(editor, step.id).length);
  const state = useEditor((editor) => doneIn(editor, step.id)?.state);
  return (
    <div className="step-head">
      <KindIcon kind={step.kind} />
      <div className="step-words">
        <strong>{titleOf(step)}</strong>
        <small>{whatItDoes(catalog, step)}</small>
      </div>
      {children}
      {state ? (
        <span className="step-state">
          <StateBadge state={state} />
        </span>
      ) : null}
      {!state && wrong ? (
        <span className="badge bad" title={t("{n} to mend", { n: wrong })}>
          {wrong}
        </span>
      ) : null}
      {step.note ? (
        <span
          className="step-note"
          title={step.note}
          role="img"
          aria-label={t("Note: {text}", { text: step.note })}
        >
          ✎
        </span>
      ) : null}
    </div>
  );
}

function Ports({ step }: { step: Step }): React.JSX.Element {
  const store = useEditorStore();
  const out = useEditor((editor) => edgesOutOf(documentOf(editor), step.id));
  const catalog = useEditor((editor) => editor.catalog);
  const left = useEditor((editor) => doneIn(editor, step.id)?.port);
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  const taken = new Set(out.map(portOf));
  return (
    <ul className="step-ports">
      {portsIn(catalog, step).map((port) => (
        <li key={port} className={`${port === "error" ? "error" : ""}${left === port ? " taken" : ""}`}>
          <span>{portWords(port)}</span>
          {mayEdit && !taken.has(port) ? (
            <button
              type="button"
              className="plus nodrag"
              aria-label={t("Add a step after {title} by {port}", {
                title: titleOf(step),
                port: portWords(port),
              })}
              tabIndex={-1}
              onClick={(event) => {
                event.stopPropagation();
                store.getState().add({ kind: "after", from: step.id, port });
              }}
            >
              +
            </button>
          ) : null}
          <Handle type="source" position={Position.Right} id={port} />
        </li>
      ))}
    </ul>
  );
}
