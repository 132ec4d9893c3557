import { useMemo, useState } from "react";

import { edgesOutOf, readingOrder, wouldCycle } from "../document/graph";
import { portOf, stepOf, titleOf } from "../document/types";
import type { Edge, Step } from "../document/types";
import { StateBadge } from "../runs/StateBadge";
import { portsIn, whatItDoes } from "./catalog";
import { KindIcon } from "./KindIcon";
import { documentOf, useEditor, useEditorStore } from "./store";

/** The workflow as a list: everything that the canvas can do, without a canvas. */
export function Outline(): React.JSX.Element {
  const store = useEditorStore();
  const document = useEditor(documentOf);
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  const order = useMemo(() => readingOrder(document), [document]);
  const steps = order.flatMap((id) => stepOf(document, id) ?? []);
  return (
    <section className="outline" aria-label="Outline of the workflow">
      {steps.length === 0 ? (
        <p className="empty">
          This workflow has no step yet. Press <kbd>/</kbd>, or use the button, and write what should be done.
        </p>
      ) : null}
      <ol>
        {steps.map((step, at) => (
          <Line key={step.id} step={step} number={at + 1} />
        ))}
      </ol>
      {mayEdit ? (
        <div>
          <button
            type="button"
            onClick={() => {
              store.getState().add({ kind: "free" });
            }}
          >
            {steps.length === 0 ? "Add the first step" : "Add a step that starts at once"}
          </button>
        </div>
      ) : null}
    </section>
  );
}

function Line({ step, number }: { step: Step; number: number }): React.JSX.Element {
  const store = useEditorStore();
  const document = useEditor(documentOf);
  const catalog = useEditor((editor) => editor.catalog);
  const isSelected = useEditor((editor) => editor.selected.has(step.id));
  const problems = useEditor((editor) => editor.problems.filter((each) => each.step === step.id).length);
  const done = useEditor(
    (editor) => editor.run?.steps.find((each) => each.step === step.id && each.item === "") ?? null,
  );
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  const title = titleOf(step);
  const index = document.steps.findIndex((each) => each.id === step.id);
  const move = (by: -1 | 1): void => {
    const before = by < 0 ? document.steps[index - 1]?.id : (document.steps[index + 2]?.id ?? null);
    if (before === undefined) return;
    store.getState().edit({ type: "reorderStep", id: step.id, before });
    store.getState().announce(`${title} was moved.`);
  };
  return (
    <li className={`outline-step${isSelected ? " selected" : ""}`}>
      <div className="outline-head">
        <span className="outline-number">{number}</span>
        <KindIcon kind={step.kind} />
        <button
          type="button"
          id={`outline-${step.id}`}
          className="outline-title"
          aria-current={isSelected || undefined}
          onClick={() => {
            store.getState().open(step.id);
          }}
        >
          <strong>{title}</strong>
          <small>{whatItDoes(catalog, step)}</small>
        </button>
        {done ? <StateBadge state={done.state} /> : null}
        {problems ? <span className="badge bad">{`${String(problems)} to mend`}</span> : null}
        {mayEdit ? (
          <span className="row">
            <button
              type="button"
              className="small"
              aria-label={`Move ${title} up`}
              disabled={index === 0}
              onClick={() => {
                move(-1);
              }}
            >
              ↑
            </button>
            <button
              type="button"
              className="small"
              aria-label={`Move ${title} down`}
              disabled={index === document.steps.length - 1}
              onClick={() => {
                move(1);
              }}
            >
              ↓
            </button>
            <button
              type="button"
              className="small"
              aria-label={`Remove ${title}`}
              onClick={() => {
                store.getState().edit({ type: "removeSteps", ids: [step.id] });
                store.getState().announce(`${title} was removed. Undo brings it back.`);
              }}
            >
              Remove
            </button>
          </span>
        ) : null}
      </div>
      <ul className="outline-ways">
        {portsIn(catalog, step).map((port) => (
          <Way key={port} step={step} port={port} />
        ))}
      </ul>
    </li>
  );
}

function Way({ step, port }: { step: Step; port: string }): React.JSX.Element {
  const store = useEditorStore();
  const document = useEditor(documentOf);
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  const [isConnecting, setConnecting] = useState(false);
  const edges = edgesOutOf(document, step.id).filter((edge) => portOf(edge) === port);
  const wordsOf = (id: string): string => {
    const held = stepOf(document, id);
    return held ? titleOf(held) : id;
  };
  const targets = isConnecting
    ? document.steps.filter(
        (each) => !wouldCycle(document, step.id, each.id) && !edges.some((edge) => edge.to === each.id),
      )
    : [];
  const connect = (to: string): void => {
    store.getState().edit({ type: "connect", edge: { from: step.id, port, to } });
    store.getState().announce(`${titleOf(step)} leads by ${port} to ${wordsOf(to)}.`);
    setConnecting(false);
  };
  if (port === "error" && edges.length === 0 && !mayEdit) return <></>;
  return (
    <li>
      <span className={`port-name ${port === "error" ? "error" : ""}`}>{port}</span>
      {edges.length === 0 ? <span className="muted">nothing follows</span> : null}
      {edges.map((edge) => (
        <Target key={edge.to} edge={edge} title={wordsOf(edge.to)} from={titleOf(step)} />
      ))}
      {mayEdit ? (
        <span className="row">
          <button
            type="button"
            className="small"
            aria-label={`Add a step after ${titleOf(step)} by ${port}`}
            onClick={() => {
              store.getState().add({ kind: "after", from: step.id, port });
            }}
          >
            + Step
          </button>
          {isConnecting ? (
            <select
              aria-label={`Lead ${titleOf(step)} by ${port} to`}
              value=""
              autoFocus
              onChange={(event) => {
                connect(event.target.value);
              }}
              onBlur={() => {
                setConnecting(false);
              }}
            >
              <option value="">{targets.length === 0 ? "No step fits" : "Lead to…"}</option>
              {targets.map((each) => (
                <option key={each.id} value={each.id}>
                  {titleOf(each)}
                </option>
              ))}
            </select>
          ) : (
            <button
              type="button"
              className="small"
              aria-label={`Connect ${titleOf(step)} by ${port} to a step that is there`}
              onClick={() => {
                setConnecting(true);
              }}
            >
              Connect…
            </button>
          )}
        </span>
      ) : null}
    </li>
  );
}

function Target({ edge, title, from }: { edge: Edge; title: string; from: string }): React.JSX.Element {
  const store = useEditorStore();
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  return (
    <span className="target">
      <button
        type="button"
        className="small"
        onClick={() => {
          store.getState().open(edge.to);
        }}
      >
        {`→ ${title}`}
      </button>
      {mayEdit ? (
        <>
          <button
            type="button"
            className="small"
            aria-label={`Put a step between ${from} and ${title}`}
            onClick={() => {
              store.getState().add({ kind: "on", edge });
            }}
          >
            +
          </button>
          <button
            type="button"
            className="small"
            aria-label={`Remove the way from ${from} to ${title}`}
            onClick={() => {
              store.getState().edit({ type: "disconnect", edges: [edge] });
            }}
          >
            ×
          </button>
        </>
      ) : null}
    </span>
  );
}
