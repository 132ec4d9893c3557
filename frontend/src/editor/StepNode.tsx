import { Handle, Position } from "@xyflow/react";
import { memo } from "react";

import { edgesOutOf } from "../document/graph";
import { portOf, stepOf, titleOf } from "../document/types";
import { StateBadge } from "../runs/StateBadge";
import { portsIn, whatItDoes } from "./catalog";
import { KindIcon } from "./KindIcon";
import { documentOf, useEditor, useEditorStore } from "./store";

/** One step on the canvas. It is handed its id only, and looks up the rest. */
export const StepNode = memo(function StepNode({ id, selected }: { id: string; selected?: boolean }) {
  const store = useEditorStore();
  const document = useEditor(documentOf);
  const catalog = useEditor((editor) => editor.catalog);
  const wrong = useEditor((editor) => editor.problems.filter((each) => each.step === id).length);
  const done = useEditor(
    (editor) => editor.run?.steps.find((each) => each.step === id && each.item === "") ?? null,
  );
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  const step = stepOf(document, id);
  if (!step) return null;
  const taken = new Set(edgesOutOf(document, id).map(portOf));
  const state = done ? ` run-${done.state}` : "";
  return (
    <div className={`step${selected ? " selected" : ""}${wrong ? " wrong" : ""}${state}`}>
      <Handle type="target" position={Position.Left} id="in" />
      <div className="step-head">
        <KindIcon kind={step.kind} />
        <div className="step-words">
          <strong>{titleOf(step)}</strong>
          <small>{whatItDoes(catalog, step)}</small>
        </div>
        {done ? (
          <span className="step-state">
            <StateBadge state={done.state} />
          </span>
        ) : null}
        {!done && wrong ? (
          <span className="badge bad" title={`${String(wrong)} to mend`}>
            {wrong}
          </span>
        ) : null}
        {step.note ? (
          <span className="step-note" title={step.note} role="img" aria-label={`Note: ${step.note}`}>
            ✎
          </span>
        ) : null}
      </div>
      <ul className="step-ports">
        {portsIn(catalog, step).map((port) => (
          <li
            key={port}
            className={`${port === "error" ? "error" : ""}${done?.port === port ? " taken" : ""}`}
          >
            <span>{port}</span>
            {mayEdit && !taken.has(port) ? (
              <button
                type="button"
                className="plus nodrag"
                aria-label={`Add a step after ${titleOf(step)} by ${port}`}
                tabIndex={-1}
                onClick={(event) => {
                  event.stopPropagation();
                  store.getState().add({ kind: "after", from: id, port });
                }}
              >
                +
              </button>
            ) : null}
            <Handle type="source" position={Position.Right} id={port} />
          </li>
        ))}
      </ul>
    </div>
  );
});
