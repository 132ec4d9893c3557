import { useState } from "react";
import { Link, useParams } from "react-router";

import { useAnswer } from "../../api/asking";
import { useSession } from "../../api/session";
import { inNumbers, said, t, tn } from "../../text";
import { Facts, Loading, Notice, PageTitle, Trouble, When } from "../../ui/parts";
import { pageOf } from "./ChangeRows";
import { Changes } from "./Changes";
import { Deciding } from "./Deciding";
import { Held } from "./Held";
import { NOTHING } from "./leftOut";
import { PlanState } from "./PlanState";
import type { Plan } from "./shapes";

/** One plan: what would be changed and why, and what a person can do about it. */
export function Component(): React.JSX.Element {
  const { id = "" } = useParams();
  const {
    data: plan,
    error,
    isLoading,
  } = useAnswer<Plan>(`plans/${id}`, { everyMs: (held) => (held?.state === "applying" ? 1_000 : false) });
  // The first lines are asked for at once, and not when the plan has come.
  useAnswer(pageOf(`plans/${id}/changes`, 0));
  if (isLoading) return <Loading />;
  if (!plan) {
    return (
      <>
        <PageTitle title={t("Plan")} crumbs={[{ title: t("Plans"), to: "/plans" }]} />
        <Trouble of={error} />
      </>
    );
  }
  return <Shown key={plan.digest} plan={plan} />;
}

function Shown({ plan }: { plan: Plan }): React.JSX.Element {
  const { may, me } = useSession();
  const [leftOut, setLeftOut] = useState(NOTHING);
  const held = plan.guards.filter((each) => !each.passed);
  const warnings = plan.guards.filter((each) => each.passed && each.warning === true);
  const decides =
    plan.state === "proposed" &&
    plan.approval === null &&
    may("plan.approve") &&
    plan.created_by !== me.person.username;
  return (
    <>
      <PageTitle
        title={plan.title}
        crumbs={[{ title: t("Plans"), to: "/plans" }]}
        badge={<PlanState of={plan} />}
      />
      <p role="status">{`${said(plan.explanation)}.`}</p>
      {held.map((each) => (
        <Notice tone="bad" key={each.message}>
          {each.message}
        </Notice>
      ))}
      {warnings.map((each) => (
        <Notice tone="warn" key={each.message}>
          {each.message}
        </Notice>
      ))}
      <Facts
        of={[
          [t("Made"), <When key="made" at={plan.created_at} isFull />],
          plan.created_by ? [t("Made by"), plan.created_by] : null,
          plan.run
            ? [
                t("Part of"),
                <Link key="run" to={`/runs/${plan.run}`}>
                  {t("a run")}
                </Link>,
              ]
            : null,
          plan.decided_by
            ? [t("Decided by"), plan.comment ? `${plan.decided_by}: ${plan.comment}` : plan.decided_by]
            : null,
          plan.states["left_out"]
            ? [
                t("Left out"),
                tn(
                  "{n} change, the rest was approved",
                  "{n} changes, the rest was approved",
                  plan.states["left_out"],
                ),
              ]
            : null,
          plan.approval
            ? [
                t("Decided in"),
                <Link key="approval" to={`/approvals/${plan.approval}`}>
                  {t("stages")}
                </Link>,
              ]
            : null,
          plan.applied_at ? [t("Applied"), <When key="applied" at={plan.applied_at} isFull />] : null,
          plan.undoes
            ? [
                t("Takes back"),
                <Link key="undoes" to={`/plans/${plan.undoes}`}>
                  {t("another plan")}
                </Link>,
              ]
            : null,
        ]}
      />
      <Held plan={plan} />
      <Deciding plan={plan} leftOut={leftOut} onLeaveOut={setLeftOut} />
      <details className="card">
        <summary>{t("What the guards said, and how complete the readings were")}</summary>
        <ul>
          {plan.guards.map((each) => (
            <li key={each.message}>{each.message}</li>
          ))}
          {plan.readings.flatMap((reading) =>
            (reading.checks ?? []).map((check) => (
              <li key={`${reading.of}${check}`}>{`${reading.of}: ${check}`}</li>
            )),
          )}
        </ul>
      </details>
      <Progress plan={plan} />
      <Changes plan={plan} leftOut={leftOut} onLeaveOut={decides ? setLeftOut : null} />
    </>
  );
}

/** How far a plan that is being applied has come, in numbers. */
function Progress({ plan }: { plan: Plan }): React.JSX.Element | null {
  if (plan.state !== "applying") return null;
  const total = Object.values(plan.states).reduce((sum, each) => sum + each, 0);
  const done = total - (plan.states["planned"] ?? 0) - (plan.states["writing"] ?? 0);
  return (
    <div className="stack" role="status">
      <progress max={total} value={done} aria-label={t("Applying")} />
      <p>{t("{done} of {total} changes are done.", { done: inNumbers(done), total: inNumbers(total) })}</p>
    </div>
  );
}
