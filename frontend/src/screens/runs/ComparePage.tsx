import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";

import { useAnswer, useList } from "../../api/asking";
import type { Run, RunSummary, RunStep, Version } from "../../api/shapes";
import { changesBetween } from "../../document/diff";
import type { FieldChange } from "../../document/diff";
import { stepOf } from "../../document/levels";
import { titleOf } from "../../document/types";
import type { Json } from "../../document/types";
import { said, t } from "../../text";
import { lasted, moment } from "../../text/time";
import { Empty, Loading, PageTitle, Section, State, Trouble, When } from "../../ui/parts";
import { Select } from "../../ui/Select";
import { compared } from "./comparing";
import type { StepCompared } from "./comparing";
import { startedBy } from "./words";

/** Two runs of one workflow beside each other: which steps differ, and in what. */
export function Component(): React.JSX.Element {
  const { id = "", other = "" } = useParams();
  const left = useAnswer<Run>(`runs/${id}`);
  const right = useAnswer<Run>(`runs/${other}`, { isWanted: other !== "" });
  if (left.isLoading) return <Loading />;
  if (!left.data) {
    return (
      <>
        <PageTitle title={t("Compare two runs")} crumbs={[{ title: t("Runs"), to: "/runs" }]} />
        <Trouble of={left.error} />
      </>
    );
  }
  return (
    <>
      <PageTitle
        title={t("Compare two runs")}
        crumbs={[
          { title: t("Runs"), to: "/runs" },
          { title: left.data.workflow_name, to: `/runs/${id}` },
        ]}
      />
      <Other run={left.data} other={other} />
      <Trouble of={right.error} />
      {other && right.isLoading ? <Loading /> : null}
      {right.data ? <Both left={left.data} right={right.data} /> : null}
    </>
  );
}

function Other({ run, other }: { run: Run; other: string }): React.JSX.Element {
  const go = useNavigate();
  const list = useList<RunSummary>(`runs?workflow=${run.workflow}&limit=50`);
  const options = list.items
    .filter((each) => each.id !== run.id)
    .map((each) => [each.id, named(each)] as const);
  if (!list.isLoading && options.length === 0)
    return <Empty>{t("This workflow has no other run to compare with.")}</Empty>;
  return (
    <div className="filters">
      <Select
        title={t("Compare with")}
        any={t("choose a run")}
        value={other}
        options={options}
        onChange={(to) => {
          void go(`/runs/${run.id}/compare${to ? `/${to}` : ""}`);
        }}
      />
    </div>
  );
}

function named(run: RunSummary): string {
  const keys = Object.values(run.keys).flat().slice(0, 2);
  return [moment(run.created_at), said(run.state), t("version {n}", { n: run.version }), ...keys].join(", ");
}

function Both({ left, right }: { left: Run; right: Run }): React.JSX.Element {
  const [isAll, setIsAll] = useState(false);
  const version = useAnswer<Version>(`workflows/${left.workflow}/versions/${String(left.version)}`);
  const steps = compared(left, right);
  const differing = steps.filter((each) => each.differs);
  const titleOfStep = (each: StepCompared): string => {
    const held = version.data?.document ? stepOf(version.data.document, each.step) : undefined;
    const name = held ? titleOf(held) : each.step;
    return each.item ? `${name}, ${t("item")} ${each.item}` : name;
  };
  return (
    <>
      <div className="columns">
        <About run={left} />
        <About run={right} />
      </div>
      <Section title={t("What they were started with")}>
        <Fields of={changesBetween(left.payload, right.payload)} none={t("With the same.")} />
      </Section>
      <Section
        title={t("Steps")}
        note={t("{n} of {total} differ", { n: differing.length, total: steps.length })}
        actions={
          <button
            type="button"
            className="small"
            aria-pressed={isAll}
            onClick={() => {
              setIsAll(!isAll);
            }}
          >
            {t("Also those that are the same")}
          </button>
        }
      >
        {differing.length === 0 && !isAll ? <Empty>{t("Every step went the same way.")}</Empty> : null}
        {(isAll ? steps : differing).map((each) => (
          <article key={`${each.step}/${each.item}`} className="card stack" aria-label={titleOfStep(each)}>
            <h3>{titleOfStep(each)}</h3>
            <div className="columns">
              <Went step={each.left} />
              <Went step={each.right} />
            </div>
            {each.input.length > 0 ? (
              <>
                <h4>{t("Input")}</h4>
                <Fields of={each.input} none="" />
              </>
            ) : null}
            {each.output.length > 0 ? (
              <>
                <h4>{t("Output")}</h4>
                <Fields of={each.output} none="" />
              </>
            ) : null}
          </article>
        ))}
      </Section>
    </>
  );
}

function About({ run }: { run: Run }): React.JSX.Element {
  return (
    <div className="card stack">
      <div className="row">
        <State of={run.state} />
        <Link to={`/runs/${run.id}`}>
          <When at={run.created_at} isFull />
        </Link>
      </div>
      <p className="muted">
        {t("version {n}", { n: run.version })}, {startedBy(run)}
        {run.started_at ? `, ${lasted(run.started_at, run.ended_at)}` : ""}
      </p>
      {run.error ? <p className="wrong">{run.error.message ?? run.error.detail ?? ""}</p> : null}
    </div>
  );
}

function Went({ step }: { step: RunStep | null }): React.JSX.Element {
  if (!step) return <p className="muted">{t("Not in this run.")}</p>;
  const first = step.attempts[0];
  return (
    <div>
      <p className="row">
        <State of={step.state} />
        <span className="muted">
          {step.port ? t("by “{port}”", { port: step.port }) : ""}{" "}
          {first && step.ended_at ? lasted(first.started_at, step.ended_at) : ""}
        </span>
      </p>
      {step.error?.message ? <p className="wrong">{step.error.message}</p> : null}
    </div>
  );
}

const MOST_FIELDS = 200;

function Fields({ of, none }: { of: readonly FieldChange[]; none: string }): React.JSX.Element {
  if (of.length === 0) return <p className="muted">{none}</p>;
  return (
    <div className="table-box" role="region" aria-label={t("Fields that differ")} tabIndex={0}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t("Field")}</th>
            <th scope="col">{t("This run")}</th>
            <th scope="col">{t("The other run")}</th>
          </tr>
        </thead>
        <tbody>
          {of.slice(0, MOST_FIELDS).map((each) => (
            <tr key={each.field}>
              <th scope="row">
                <code>{each.field || "–"}</code>
              </th>
              <td className="value">{text(each.before)}</td>
              <td className="value">{text(each.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {of.length > MOST_FIELDS ? (
        <p className="muted">{t("and {n} more", { n: of.length - MOST_FIELDS })}</p>
      ) : null}
    </div>
  );
}

function text(value: Json | undefined): string {
  if (value === undefined) return "–";
  const made = typeof value === "string" ? value : JSON.stringify(value);
  return made.length > 2_000 ? `${made.slice(0, 2_000)}…` : made;
}
