import { useDeferredValue } from "react";
import { Link, useSearchParams } from "react-router";

import { useAnswer, useList, withQuery } from "../../api/asking";
import type { Page, RunSummary, WorkflowName } from "../../api/shapes";
import { said, t } from "../../text";
import type { Text } from "../../text";
import { lasted } from "../../text/time";
import { Empty, PageTitle, State, When } from "../../ui/parts";
import { Search, Select } from "../../ui/Select";
import { ListTable } from "../../ui/Table";
import { Keys } from "../keys/Keys";
import { startedBy } from "./words";

const STATES = ["queued", "running", "waiting", "in_doubt", "succeeded", "failed", "cancelled"];
const CAUSES: readonly (readonly [string, Text])[] = [
  ["manual", "by hand"],
  ["schedule", "schedule"],
  ["webhook", "webhook"],
  ["event", "event"],
  ["workflow", "another workflow"],
  ["replay", "replay"],
];
const HOURS: readonly (readonly [string, Text])[] = [
  ["1", "the last hour"],
  ["24", "the last day"],
  ["168", "the last week"],
  ["720", "the last 30 days"],
];

/** Every run of the workspace, as it happens. */
export function Component(): React.JSX.Element {
  const [asked, ask] = useSearchParams();
  const value = (name: string): string => asked.get(name) ?? "";
  const set = (name: string, to: string): void => {
    ask(
      (held) => {
        if (to) held.set(name, to);
        else held.delete(name);
        return held;
      },
      { replace: true },
    );
  };
  const workflows = useAnswer<Page<WorkflowName>>("workflows?limit=200");
  const list = useList<RunSummary>(
    withQuery("runs", {
      state: value("state"),
      workflow: value("workflow"),
      cause: value("cause"),
      trigger: value("trigger"),
      key: value("key"),
      value: value("value"),
      search: useDeferredValue(value("search")),
      since: sinceOf(value("hours")),
    }),
  );
  const isFiltered = [...asked.keys()].length > 0;
  return (
    <>
      <PageTitle title={t("Runs")}>
        <Link className="button" to="/keys">
          {t("Timelines")}
        </Link>
      </PageTitle>
      <div className="filters" role="search" aria-label={t("Which runs")}>
        <Select
          title={t("State")}
          value={value("state")}
          options={STATES.map((each) => [each, said(each.replace("_", " "))])}
          onChange={(to) => {
            set("state", to);
          }}
        />
        <Select
          title={t("Workflow")}
          value={value("workflow")}
          options={(workflows.data?.items ?? []).map((each) => [each.slug, each.name])}
          onChange={(to) => {
            set("workflow", to);
          }}
        />
        <Select
          title={t("Started by")}
          value={value("cause")}
          options={CAUSES.map(([each, words]) => [each, t(words)])}
          onChange={(to) => {
            set("cause", to);
          }}
        />
        <Select
          title={t("When")}
          value={value("hours")}
          options={HOURS.map(([each, words]) => [each, t(words)])}
          onChange={(to) => {
            set("hours", to);
          }}
        />
        <Search
          title={t("About (person, template, job…)")}
          value={value("search")}
          onChange={(to) => {
            set("search", to);
          }}
        />
        {isFiltered ? (
          <button
            type="button"
            onClick={() => {
              ask({});
            }}
          >
            {t("Show all")}
          </button>
        ) : null}
      </div>
      <ListTable
        name={t("Runs")}
        list={list}
        keyOf={(run) => run.id}
        columns={[
          { title: t("State"), cell: (run) => <State of={run.state} /> },
          {
            title: t("Workflow"),
            isHead: true,
            cell: (run) => <Link to={`/runs/${run.id}`}>{run.workflow_name}</Link>,
          },
          { title: t("About"), cell: (run) => <Keys of={run.keys} /> },
          { title: t("Version"), cell: (run) => run.version, isNumber: true },
          { title: t("Started by"), cell: (run) => startedBy(run) },
          { title: t("Asked for"), cell: (run) => <When at={run.created_at} /> },
          {
            title: t("Took"),
            cell: (run) => (run.started_at ? lasted(run.started_at, run.ended_at) : "–"),
            isNumber: true,
          },
        ]}
        empty={
          <Empty action={<Link to="/workflows">{t("Go to the workflows")}</Link>}>
            {isFiltered
              ? t("No run is like this. Widen what you look for.")
              : t("Nothing has run yet. Start a workflow by hand, or switch its triggers on.")}
          </Empty>
        }
      />
    </>
  );
}

/** Rounded to the minute, so that drawing the page again asks the same. */
function sinceOf(hours: string): string {
  if (!/^\d+$/.test(hours)) return "";
  const minute = Math.floor(Date.now() / 60_000) * 60_000;
  return new Date(minute - Number(hours) * 3_600_000).toISOString();
}
