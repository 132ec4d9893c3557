import { useCallback, useMemo, useState } from "react";
import { Link, useParams } from "react-router";

import { useAnswer, useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import { ENDED } from "../../api/shapes";
import type { ApprovalLine, Run, RunStep, Version } from "../../api/shapes";
import { stepOf } from "../../document/levels";
import { titleOf } from "../../document/types";
import type { WorkflowDocument } from "../../document/types";
import { Drawing } from "../../editor/Drawing";
import { said, t } from "../../text";
import { lasted } from "../../text/time";
import { Empty, Facts, Loading, Notice, PageTitle, Section, State, Trouble, When } from "../../ui/parts";
import { Confirm } from "../../ui/Confirm";
import { JsonView } from "../../ui/Json";
import { RunStepCard } from "./RunStepCard";
import { Stop } from "../../ui/Stop";
import { Keys } from "../keys/Keys";
import { Replay } from "./Replay";
import { Removed, Reveal } from "./Values";
import { startedBy } from "./words";

const LOOK_MS = 2_000;

/** One run, laid over the workflow that it carries out. */
export function Component(): React.JSX.Element {
  const { id = "" } = useParams();
  // The stream tells of every move; asking now and then makes up for one that was missed.
  const {
    data: run,
    error,
    isLoading,
  } = useAnswer<Run>(`runs/${id}`, {
    everyMs: (held) => (held && ENDED.has(held.state) ? false : LOOK_MS),
  });
  const version = useAnswer<Version>(
    `workflows/${run?.workflow ?? ""}/versions/${String(run?.version ?? 0)}`,
    { isWanted: run !== undefined },
  );
  if (isLoading) return <Loading />;
  if (!run) {
    return (
      <>
        <PageTitle title={t("Run")} crumbs={[{ title: t("Runs"), to: "/runs" }]} />
        <Trouble of={error} />
      </>
    );
  }
  return <Shown run={run} document={version.data?.document ?? null} />;
}

function Shown({ run, document }: { run: Run; document: WorkflowDocument | null }): React.JSX.Element {
  const [chosen, setChosen] = useState("");
  const hasEnded = ENDED.has(run.state);
  const steps = useMemo(() => stepsOf(run), [run]);
  const step = steps.find((each) => keyOf(each) === chosen) ?? telling(steps);
  const title = useCallback(
    (each: RunStep): string => {
      const held = document ? stepOf(document, each.step) : undefined;
      const name = held ? titleOf(held) : each.step;
      return each.item ? `${name}, ${t("item")} ${each.item}` : name;
    },
    [document],
  );
  const choose = useCallback((id: string) => {
    setChosen(id);
  }, []);
  return (
    <>
      <PageTitle
        title={run.workflow_name}
        crumbs={[
          { title: t("Runs"), to: "/runs" },
          { title: run.workflow_name, to: `/workflows/${run.workflow}` },
        ]}
        badge={<State of={run.state} />}
      >
        <Verbs run={run} document={document} />
      </PageTitle>
      <p role="status">
        {said(run.explanation)}{" "}
        {run.due_at && !hasEnded ? (
          <>
            {t("It goes on")} <When at={run.due_at} />.
          </>
        ) : null}
      </p>
      {run.error ? <Notice tone="bad">{run.error.message ?? run.error.detail ?? ""}</Notice> : null}
      <Facts
        of={[
          [
            t("Started by"),
            run.cause.run ? <Link to={`/runs/${run.cause.run}`}>{startedBy(run)}</Link> : startedBy(run),
          ],
          [t("Version"), run.version],
          Object.keys(run.keys).length > 0 ? [t("About"), <Keys key="keys" of={run.keys} most={12} />] : null,
          [t("Asked for"), <When key="at" at={run.created_at} isFull />],
          run.started_at ? [t("Waited for a worker"), lasted(run.created_at, run.started_at)] : null,
          run.started_at ? [t("Took"), lasted(run.started_at, run.ended_at)] : null,
        ]}
      />
      <Removed of={run} />
      <Asked run={run} />
      {document ? (
        <Drawing
          document={document}
          run={run}
          selected={step?.item === "" ? step.step : ""}
          onSelect={choose}
        />
      ) : null}
      <div className="run-steps">
        <Section title={t("Steps")}>
          {steps.length === 0 ? <Empty>{t("No step has begun.")}</Empty> : null}
          <ol className="plain step-list">
            {steps.map((each) => (
              <li key={keyOf(each)}>
                <button
                  type="button"
                  aria-pressed={each === step}
                  onClick={() => {
                    setChosen(keyOf(each));
                  }}
                >
                  <State of={each.state} />
                  <span>{title(each)}</span>
                  <span className="end muted">
                    {each.ended_at && each.attempts[0]
                      ? lasted(each.attempts[0].started_at, each.ended_at)
                      : ""}
                  </span>
                </button>
              </li>
            ))}
          </ol>
        </Section>
        {step ? <RunStepCard key={keyOf(step)} run={run} step={step} title={title(step)} /> : null}
      </div>
      <details className="card">
        <summary>{t("What it was started with")}</summary>
        <JsonView title={t("Input")} value={run.payload} />
      </details>
      <Reveal of={run} />
    </>
  );
}

function Verbs({ run, document }: { run: Run; document: WorkflowDocument | null }): React.JSX.Element {
  const { hub, may } = useSession();
  const [asks, setAsks] = useState(false);
  const [replays, setReplays] = useState(false);
  const act = useDoing((verb: string) => hub.post(`runs/${run.id}/${verb}`, {}), ["runs"]);
  const hasEnded = ENDED.has(run.state);
  return (
    <>
      {run.state === "failed" && may("run.retry") ? (
        <button
          type="button"
          className="primary"
          disabled={act.isPending}
          onClick={() => {
            act.mutate("retry");
          }}
        >
          {t("Try the failed steps again")}
        </button>
      ) : null}
      {!hasEnded && may("run.cancel") ? (
        <button
          type="button"
          className="danger"
          disabled={act.isPending}
          onClick={() => {
            setAsks(true);
          }}
        >
          {t("Cancel the run")}
        </button>
      ) : null}
      {hasEnded && may("run.replay") ? (
        <button
          type="button"
          onClick={() => {
            setReplays(true);
          }}
        >
          {t("Replay…")}
        </button>
      ) : (
        <Stop of={{ run: run.id }} title={t("Stop the run…")} />
      )}
      <Link className="button" to={`/runs/${run.id}/compare`}>
        {t("Compare…")}
      </Link>
      <Link className="button" to={`/workflows/${run.workflow}/design`}>
        {t("Open the designer")}
      </Link>
      <Trouble of={act.error} />
      {replays ? (
        <Replay
          run={run}
          document={document}
          onClose={() => {
            setReplays(false);
          }}
        />
      ) : null}
      {asks ? (
        <Confirm
          title={t("Cancel the run?")}
          says={t("No further step is started. What is written already stays written.")}
          verb={t("Cancel the run")}
          onYes={() => {
            act.mutate("cancel");
          }}
          onClose={() => {
            setAsks(false);
          }}
        />
      ) : null}
    </>
  );
}

/** What people are asked by the run. */
function Asked({ run }: { run: Run }): React.JSX.Element | null {
  const list = useList<ApprovalLine>(`approvals?run=${run.id}`);
  if (list.items.length === 0) return null;
  return (
    <Section title={t("What people are asked")}>
      <ul className="plain card">
        {list.items.map((each) => (
          <li className="line" key={each.id}>
            <State of={each.state} />
            <Link to={`/approvals/${each.id}`}>{each.title}</Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The steps of the run first, in the order in which they began; what failed of the items behind them. */
function stepsOf(run: Run): readonly RunStep[] {
  return [...run.steps.filter((each) => each.item === ""), ...run.steps.filter((each) => each.item !== "")];
}

/** The step that tells most, when nobody chose one. */
function telling(steps: readonly RunStep[]): RunStep | undefined {
  const order = ["in_doubt", "failed", "waiting", "running", "ready"];
  for (const state of order) {
    const found = steps.find((each) => each.state === state);
    if (found) return found;
  }
  return steps.filter((each) => each.state === "succeeded").at(-1) ?? steps[0];
}

function keyOf(step: RunStep): string {
  return step.item ? `${step.step}/${step.item}` : step.step;
}
