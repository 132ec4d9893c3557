import { useMemo, useState } from "react";

import { canLead, readingOrder } from "../document/graph";
import { edgesOutOf, levelOf, stepOf } from "../document/levels";
import { portOf, titleOf } from "../document/types";
import type { Edge, Level, Step } from "../document/types";
import { StateBadge } from "../runs/StateBadge";
import { t } from "../text";
import { isFrame, portsIn, whatItDoes } from "./catalog";
import { ItemChooser } from "./ItemChooser";
import { doneIn } from "./items";
import { KindIcon } from "./KindIcon";
import { portWords } from "./portWords";
import { problemsOf } from "./problems";
import { documentOf, useEditor, useEditorStore } from "./store";

/** The workflow as a list: everything that the canvas can do, without a canvas. */
export function Outline(): React.JSX.Element {
  const document = useEditor(documentOf);
  return (
    <section className="outline" aria-label={t("Outline of the workflow")}>
      {document.steps.length === 0 ? (
        <p className="empty">
          {t("This workflow has no step yet. Press / or use the button, and write what should be done.")}
        </p>
      ) : null}
      <Lines level={document} holder={null} before="" />
    </section>
  );
}

/** The steps beside each other, and a button for one more. */
function Lines({
  level,
  holder,
  before,
}: {
  level: Level;
  holder: Step | null;
  before: string;
}): React.JSX.Element {
  const store = useEditorStore();
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  const order = useMemo(() => readingOrder(level), [level]);
  const steps = new Map(level.steps.map((step) => [step.id, step]));
  const isEmpty = level.steps.length === 0;
  return (
    <>
      <ol>
        {order.map((id, at) => {
          const step = steps.get(id);
          return step ? <Line key={id} step={step} number={`${before}${String(at + 1)}`} /> : null;
        })}
      </ol>
      {mayEdit ? (
        <div>
          <button
            type="button"
            className={holder ? "small" : ""}
            onClick={() => {
              store.getState().add(holder ? { kind: "free", into: holder.id } : { kind: "free" });
            }}
          >
            {holder
              ? isEmpty
                ? t("Add the first step inside {title}", { title: titleOf(holder) })
                : t("Add a step inside {title} that starts at once", { title: titleOf(holder) })
              : isEmpty
                ? t("Add the first step")
                : t("Add a step that starts at once")}
          </button>
        </div>
      ) : null}
    </>
  );
}

function Line({ step, number }: { step: Step; number: string }): React.JSX.Element {
  const store = useEditorStore();
  const beside = useEditor((editor) => levelOf(documentOf(editor), step.id).steps);
  const catalog = useEditor((editor) => editor.catalog);
  const isSelected = useEditor((editor) => editor.selected.has(step.id));
  const problems = useEditor((editor) => problemsOf(editor, step.id).length);
  const state = useEditor((editor) => doneIn(editor, step.id)?.state);
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  const title = titleOf(step);
  const index = beside.findIndex((each) => each.id === step.id);
  const move = (by: -1 | 1): void => {
    const before = by < 0 ? beside[index - 1]?.id : (beside[index + 2]?.id ?? null);
    if (before === undefined) return;
    store.getState().edit({ type: "reorderStep", id: step.id, before });
    store.getState().announce(t("{title} was moved.", { title }));
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
        {isFrame(catalog, step) ? <ItemChooser holder={step.id} /> : null}
        {state ? <StateBadge state={state} /> : null}
        {problems ? <span className="badge bad">{t("{n} to mend", { n: problems })}</span> : null}
        {mayEdit ? (
          <span className="row">
            <button
              type="button"
              className="small"
              aria-label={t("Move {title} up", { title })}
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
              aria-label={t("Move {title} down", { title })}
              disabled={index === beside.length - 1}
              onClick={() => {
                move(1);
              }}
            >
              ↓
            </button>
            <button
              type="button"
              className="small"
              aria-label={t("Remove {title}", { title })}
              onClick={() => {
                store.getState().edit({ type: "removeSteps", ids: [step.id] });
                store.getState().announce(t("{title} was removed. Undo brings it back.", { title }));
              }}
            >
              {t("Remove")}
            </button>
          </span>
        ) : null}
      </div>
      {isFrame(catalog, step) ? (
        <div className="outline-inside" role="group" aria-label={t("Inside {title}", { title })}>
          <Lines level={step.body ?? NOTHING} holder={step} before={`${number}.`} />
        </div>
      ) : null}
      <ul className="outline-ways">
        {portsIn(catalog, step).map((port) => (
          <Way key={port} step={step} port={port} />
        ))}
      </ul>
    </li>
  );
}

const NOTHING: Level = { steps: [] };

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
  const words = { from: titleOf(step), title: titleOf(step), port: portWords(port) };
  const targets = isConnecting
    ? levelOf(document, step.id).steps.filter(
        (each) => canLead(document, step.id, each.id) && !edges.some((edge) => edge.to === each.id),
      )
    : [];
  const connect = (to: string): void => {
    store.getState().edit({ type: "connect", edge: { from: step.id, port, to } });
    store.getState().announce(t("{from} leads by {port} to {to}.", { ...words, to: wordsOf(to) }));
    setConnecting(false);
  };
  if (port === "error" && edges.length === 0 && !mayEdit) return <></>;
  return (
    <li>
      <span className={`port-name ${port === "error" ? "error" : ""}`}>{portWords(port)}</span>
      {edges.length === 0 ? <span className="muted">{t("nothing follows")}</span> : null}
      {edges.map((edge) => (
        <Target key={edge.to} edge={edge} title={wordsOf(edge.to)} from={titleOf(step)} />
      ))}
      {mayEdit ? (
        <span className="row">
          <button
            type="button"
            className="small"
            aria-label={t("Add a step after {title} by {port}", words)}
            onClick={() => {
              store.getState().add({ kind: "after", from: step.id, port });
            }}
          >
            {t("+ Step")}
          </button>
          {isConnecting ? (
            <select
              aria-label={t("Lead {from} by {port} to", words)}
              value=""
              autoFocus
              onChange={(event) => {
                connect(event.target.value);
              }}
              onBlur={() => {
                setConnecting(false);
              }}
            >
              <option value="">{targets.length === 0 ? t("No step fits") : t("Lead to…")}</option>
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
              aria-label={t("Connect {from} by {port} to a step that is there", words)}
              onClick={() => {
                setConnecting(true);
              }}
            >
              {t("Connect…")}
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
            aria-label={t("Put a step between {from} and {to}", { from, to: title })}
            onClick={() => {
              store.getState().add({ kind: "on", edge });
            }}
          >
            +
          </button>
          <button
            type="button"
            className="small"
            aria-label={t("Remove the way from {from} to {to}", { from, to: title })}
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
