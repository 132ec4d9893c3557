import { Link } from "react-router";

import { useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Run, RunStep } from "../../api/shapes";
import { said, t } from "../../text";
import { lasted } from "../../text/time";
import { Notice, State, Trouble, When } from "../../ui/parts";
import { JsonView } from "../../ui/Json";
import { Values } from "./Values";
import { adviceOn } from "./words";

/** What one step did: how it stands, what went wrong and what to do, its tries, what it got and gave. */
export function RunStepCard({
  run,
  step,
  title,
}: {
  run: Run;
  step: RunStep;
  title: string;
}): React.JSX.Element {
  const counts = Object.entries(step.counts);
  return (
    <section className="card" aria-label={title}>
      <div className="row">
        <h2>{title}</h2>
        <State of={step.state} />
      </div>
      <p>
        {said(step.explanation)}{" "}
        {step.port && step.port !== "ok" ? t("It left by “{port}”.", { port: step.port }) : null}
        {step.due_at && step.state === "waiting" ? (
          <>
            {" "}
            {t("It goes on")} <When at={step.due_at} />.
          </>
        ) : null}
      </p>
      {counts.length > 0 ? (
        <p>{`${t("Items")}: ${counts.map(([state, count]) => `${String(count)} ${said(state.replace("_", " "))}`).join(", ")}`}</p>
      ) : null}
      <p className="row">
        {step.plan ? <Link to={`/plans/${step.plan}`}>{t("The plan")}</Link> : null}
        {step.taken_from ? <Link to={`/runs/${step.taken_from}`}>{t("Done by the earlier run")}</Link> : null}
        {step.child ? <Link to={`/runs/${step.child}`}>{t("The run that it started")}</Link> : null}
      </p>
      {step.error ? (
        <Notice tone={step.state === "failed" ? "bad" : "warn"}>
          <p>
            {step.error.message ?? step.error.detail ?? step.error.code}{" "}
            {step.error.field ? <code>{step.error.field}</code> : null}
          </p>
          {step.state === "failed" ? <p>{adviceOn(step.error.code)}</p> : null}
        </Notice>
      ) : null}
      {step.state === "in_doubt" ? <Doubt run={run} step={step} /> : null}
      <Values run={run} step={step} />
      <Attempts of={step} />
    </section>
  );
}

/** A write of unknown outcome: the evidence, and what a person can decide. */
function Doubt({ run, step }: { run: Run; step: RunStep }): React.JSX.Element {
  const { hub, may } = useSession();
  const settle = useDoing(
    (verdict: string) => hub.post(`runs/${run.id}/steps/${step.step}/settle`, { verdict, item: step.item }),
    ["runs"],
  );
  const evidence = step.error?.evidence ?? null;
  const choices = [
    ["happened", t("It happened: go on")],
    ["again", t("It did not happen: try again")],
    ["failed", t("It did not happen: the step has failed")],
  ] as const;
  return (
    <div className="stack">
      <p>
        {t(
          "The connection broke while the service was written to, so nobody knows whether the write happened. Look in the service, then decide.",
        )}
      </p>
      <JsonView title={t("What the service says now")} value={evidence} />
      {may("run.settle") ? (
        <div className="row">
          {choices.map(([verdict, words]) => (
            <button
              key={verdict}
              type="button"
              disabled={settle.isPending}
              onClick={() => {
                settle.mutate(verdict);
              }}
            >
              {words}
            </button>
          ))}
        </div>
      ) : (
        <p className="muted">{t("An operator decides this.")}</p>
      )}
      <Trouble of={settle.error} />
    </div>
  );
}

function Attempts({ of }: { of: RunStep }): React.JSX.Element | null {
  if (of.attempts.length === 0) return null;
  return (
    <section className="stack" aria-label={t("Attempts")}>
      <h3>{t("Attempts")}</h3>
      <ol className="attempts plain">
        {of.attempts.map((each, at) => (
          <li key={each.number} className="line">
            <State of={each.state === "open" ? "running" : each.state} />
            <span>{each.error?.message ?? ""}</span>
            <span className="end">
              <When at={each.started_at} isFull />
              {", "}
              {t("waited {time}", {
                time: lasted(of.attempts[at - 1]?.ended_at ?? of.created_at, each.started_at),
              })}
              {each.ended_at
                ? `, ${t("worked {time}", { time: lasted(each.started_at, each.ended_at) })}`
                : ""}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
