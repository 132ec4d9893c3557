import { useDeferredValue, useId, useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";

import { useAnswer, useList, withQuery } from "../../api/asking";
import type { RunSummary } from "../../api/shapes";
import { said, t, tn } from "../../text";
import { lasted } from "../../text/time";
import { Empty, Loading, PageTitle, Section, State, Trouble, When } from "../../ui/parts";
import { Select } from "../../ui/Select";
import { More } from "../../ui/Table";
import { startedBy } from "../runs/words";
import { Keys, timelineOf } from "./Keys";

interface Declared {
  readonly name: string;
  readonly workflows: readonly string[];
}

interface Chapter {
  readonly run: RunSummary;
  readonly done: readonly {
    readonly step: string;
    readonly title: string;
    readonly action: string;
    readonly item: string;
    readonly state: string;
    readonly at: string | null;
    readonly message: string;
  }[];
  readonly done_count: number;
}

/** What happened to one person, template or job: its runs, and what each did. */
export function Component(): React.JSX.Element {
  const { name: given = "" } = useParams();
  const [asked] = useSearchParams();
  const value = asked.get("value") ?? "";
  const go = useNavigate();
  const { data, error, isLoading } = useAnswer<{ keys: readonly Declared[] }>("keys");
  const declared = data?.keys ?? [];
  const name = given || (declared[0]?.name ?? "");
  const names = [...new Set([...declared.map((each) => each.name), ...(given ? [given] : [])])];
  return (
    <>
      <PageTitle
        title={value ? `${name}: ${value}` : t("Timelines")}
        crumbs={[
          { title: t("Runs"), to: "/runs" },
          ...(value ? [{ title: t("Timelines"), to: `/keys/${name}` }] : []),
        ]}
      />
      <Trouble of={error} />
      {isLoading ? <Loading /> : null}
      {data && names.length === 0 ? (
        <Empty action={<Link to="/workflows">{t("Go to the workflows")}</Link>}>
          {t(
            "No published workflow says what its runs are about. Declare business keys in a workflow, such as the person or the job.",
          )}
        </Empty>
      ) : null}
      {names.length > 0 ? (
        <Finder
          key={`${name} ${value}`}
          names={names}
          name={name}
          value={value}
          onFound={(key, found) => void go(found ? timelineOf(key, found) : `/keys/${key}`)}
        />
      ) : null}
      {value ? <Timeline name={name} value={value} /> : null}
    </>
  );
}

function Finder({
  names,
  name,
  value,
  onFound,
}: {
  names: readonly string[];
  name: string;
  value: string;
  onFound: (name: string, value: string) => void;
}): React.JSX.Element {
  const id = useId();
  const [words, setWords] = useState(value);
  const search = useDeferredValue(words.trim());
  const offered = useAnswer<{ values: readonly string[] }>(withQuery(`keys/${name}/values`, { search }));
  const values = offered.data?.values ?? [];
  return (
    <>
      <form
        className="filters"
        role="search"
        aria-label={t("What the runs are about")}
        onSubmit={(event) => {
          event.preventDefault();
          onFound(name, words.trim());
        }}
      >
        <Select
          title={t("Business key")}
          any=""
          value={name}
          options={names.map((each) => [each, each])}
          onChange={(to) => {
            if (to) onFound(to, "");
          }}
        />
        <div className="field wide">
          <label htmlFor={id}>{t("Value")}</label>
          <input
            id={id}
            type="search"
            autoComplete="off"
            value={words}
            onChange={(event) => {
              setWords(event.target.value);
            }}
          />
        </div>
        <button type="submit" className="primary">
          {t("Show the timeline")}
        </button>
      </form>
      {value === "" || words !== value ? (
        <Section title={search ? t("Begins so") : t("Of the newest runs")}>
          {values.length === 0 && offered.data ? (
            <Empty>{search ? t("Nothing begins so.") : t("No run has named one yet.")}</Empty>
          ) : null}
          <p className="keys">
            {values.map((each) => (
              <Link key={each} className="key" to={timelineOf(name, each)}>
                {each}
              </Link>
            ))}
          </p>
        </Section>
      ) : null}
    </>
  );
}

function Timeline({ name, value }: { name: string; value: string }): React.JSX.Element {
  const list = useList<Chapter>(withQuery(`keys/${name}/timeline`, { value, limit: 20 }));
  if (list.isLoading) return <Loading />;
  return (
    <Section title={t("What happened")}>
      <Trouble of={list.trouble} />
      {list.items.length === 0 && !list.trouble ? <Empty>{t("No run is about this.")}</Empty> : null}
      <ol className="plain timeline">
        {list.items.map((each) => (
          <li key={each.run.id} className="card stack">
            <Told of={each} />
          </li>
        ))}
      </ol>
      <More of={list} />
    </Section>
  );
}

function Told({ of: { run, done, done_count } }: { of: Chapter }): React.JSX.Element {
  return (
    <>
      <div className="row">
        <State of={run.state} />
        <h3>
          <Link to={`/runs/${run.id}`}>{run.workflow_name}</Link>
        </h3>
        <span className="muted">
          <When at={run.created_at} isFull />, {startedBy(run)}
          {run.started_at ? `, ${lasted(run.started_at, run.ended_at)}` : ""}
        </span>
      </div>
      {run.error && done.every((each) => each.message === "") ? (
        <p className="wrong">{run.error.message ?? run.error.detail ?? ""}</p>
      ) : null}
      {done.length === 0 ? (
        <p className="muted">{t("It changed nothing and asked nobody.")}</p>
      ) : (
        <ul>
          {done.map((each, at) => (
            <li key={String(at)}>
              {each.title}
              {each.item ? `, ${t("item")} ${each.item}` : ""}: {said(each.state.replace("_", " "))}
              {each.at ? (
                <span className="muted">
                  {" "}
                  <When at={each.at} isFull />
                </span>
              ) : null}
              {each.message ? <span className="wrong"> {each.message}</span> : null}
            </li>
          ))}
        </ul>
      )}
      {done_count > done.length ? (
        <p className="muted">{tn("{n} more", "{n} more", done_count - done.length)}</p>
      ) : null}
      <Keys of={run.keys} most={8} />
    </>
  );
}
