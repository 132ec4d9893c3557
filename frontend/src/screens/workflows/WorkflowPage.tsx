import { useState } from "react";
import { Link, useNavigate, useParams } from "react-router";

import { useAnswer, useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import type { DraftProblem, RunSummary, Version, Workflow } from "../../api/shapes";
import { Drawing } from "../../editor/Drawing";
import { canBeDrawn } from "../../document/shape";
import { t, tn } from "../../text";
import { Confirm } from "../../ui/Confirm";
import { saved } from "../../ui/saved";
import { Empty, Loading, Notice, PageTitle, Section, State, Trouble, When } from "../../ui/parts";
import { Stop } from "../../ui/Stop";
import { Alerting } from "./Alerting";
import { Keeping } from "./Keeping";
import { Shelf } from "./Shelf";
import { Starting } from "./Starting";
import { Switch } from "./Switch";
import { Triggers } from "./Triggers";
import { inWords } from "../../editor/problems";

/** One workflow: its picture, what starts it, its runs and versions. */
export function Component(): React.JSX.Element {
  const { slug = "" } = useParams();
  const { may } = useSession();
  const { data: workflow, error, isLoading } = useAnswer<Workflow>(`workflows/${slug}`);
  const crumbs = [{ title: t("Workflows"), to: "/workflows" }];
  if (isLoading) return <Loading />;
  if (!workflow) {
    return (
      <>
        <PageTitle title={t("Workflow")} crumbs={crumbs} />
        <Trouble of={error} />
      </>
    );
  }
  return (
    <>
      <PageTitle title={workflow.name} crumbs={crumbs}>
        <Switch of={workflow} />
        <Link className="button primary" to={`/workflows/${slug}/design`}>
          {t("Open the designer")}
        </Link>
      </PageTitle>
      {workflow.trashed_at ? <InTheTrash workflow={workflow} /> : null}
      {typeof workflow.draft.description === "string" ? <p>{workflow.draft.description}</p> : null}
      <Problems key={workflow.revision} slug={slug} />
      {canBeDrawn(workflow.draft) ? <Drawing document={workflow.draft} /> : null}
      {workflow.published !== null && may("run.start") ? <Starting workflow={workflow} /> : null}
      <Triggers slug={slug} isPublished={workflow.published !== null} />
      <div className="columns">
        <Runs slug={slug} />
        <Versions slug={slug} />
      </div>
      {workflow.trashed_at ? null : <Alerting slug={slug} />}
      {may("retention.view") ? <Keeping slug={slug} /> : null}
      <Shelf key={workflow.slug} slug={slug} folder={workflow.folder} tags={workflow.tags} />
      <Verbs workflow={workflow} />
    </>
  );
}

function InTheTrash({ workflow }: { workflow: Workflow }): React.JSX.Element {
  const { hub, may } = useSession();
  const restore = useDoing(() => hub.post(`workflows/${workflow.slug}/restore`, {}), ["workflows"]);
  return (
    <Notice tone="warn">
      <p>{t("It is in the trash: nothing and nobody starts it, and it cannot be changed.")}</p>
      {may("workflow.delete") ? (
        <button
          type="button"
          onClick={() => {
            restore.mutate(undefined);
          }}
        >
          {t("Restore it")}
        </button>
      ) : null}
      <Trouble of={restore.error} />
    </Notice>
  );
}

function Problems({ slug }: { slug: string }): React.JSX.Element | null {
  const { data } = useAnswer<{ problems: readonly DraftProblem[] }>(`workflows/${slug}/problems`);
  if (!data || data.problems.length === 0) return null;
  return (
    <Notice tone="warn">
      <p>{t("The draft cannot be published yet:")}</p>
      <ul>
        {data.problems.slice(0, 20).map((each, at) => (
          <li key={at}>
            {each.step ? <strong>{`${each.step}: `}</strong> : null}
            {inWords(each)}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function Runs({ slug }: { slug: string }): React.JSX.Element {
  const list = useList<RunSummary>(`runs?workflow=${slug}&limit=10`);
  return (
    <Section title={t("Recent runs")} actions={<Link to={`/runs?workflow=${slug}`}>{t("All runs")}</Link>}>
      {list.items.length === 0 && !list.isLoading ? (
        <Empty>{t("It has not run yet.")}</Empty>
      ) : (
        <ul className="plain card">
          {list.items.map((each) => (
            <li className="line" key={each.id}>
              <State of={each.state} />
              <Link to={`/runs/${each.id}`}>
                <When at={each.created_at} />
              </Link>
              <span className="end">{t("version {n}", { n: each.version })}</span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Versions({ slug }: { slug: string }): React.JSX.Element {
  const list = useList<Version>(`workflows/${slug}/versions?limit=10`);
  return (
    <Section title={t("Versions")}>
      {list.items.length === 0 && !list.isLoading ? (
        <Empty>{t("Nothing is published. Publishing in the designer makes a version that runs.")}</Empty>
      ) : (
        <ul className="plain card">
          {list.items.map((each) => (
            <li className="line" key={each.id}>
              <strong>{each.number}</strong>
              <span>{each.message}</span>
              <span className="end">
                {each.created_by ? `${each.created_by}, ` : ""}
                <When at={each.created_at} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Verbs({ workflow }: { workflow: Workflow }): React.JSX.Element {
  const { hub, may } = useSession();
  const go = useNavigate();
  const [asks, setAsks] = useState(false);
  const { slug } = workflow;
  const duplicate = useDoing(async () => {
    const made = await hub.post<Workflow>(`workflows/${slug}/duplicate`, {});
    await go(`/workflows/${made.slug}/design`);
  }, ["workflows"]);
  const retire = useDoing(() => hub.post(`workflows/${slug}/retire`, {}), ["workflows"]);
  const trash = useDoing(() => hub.post(`workflows/${slug}/trash`, {}), ["workflows"]);
  const steps = workflow.draft.steps.length;
  return (
    <Section title={t("Take along, copy, end")} note={tn("{n} step", "{n} steps", steps)}>
      <div className="row">
        <button
          type="button"
          onClick={() => {
            saved(`${slug}.json`, JSON.stringify(workflow.draft, null, 2), "application/json");
          }}
        >
          {t("Export")}
        </button>
        {may("workflow.edit") ? (
          <button
            type="button"
            onClick={() => {
              duplicate.mutate(undefined);
            }}
          >
            {t("Duplicate")}
          </button>
        ) : null}
        <Stop of={{ workflow: slug }} title={t("Stop the workflow…")} />
        {may("workflow.delete") && workflow.published !== null ? (
          <button
            type="button"
            className="danger"
            onClick={() => {
              setAsks(true);
            }}
          >
            {t("Take out of service…")}
          </button>
        ) : null}
        {may("workflow.delete") && workflow.trashed_at === null ? (
          <button
            type="button"
            className="danger"
            onClick={() => {
              trash.mutate(undefined);
            }}
          >
            {t("Move to the trash")}
          </button>
        ) : null}
      </div>
      <Trouble of={duplicate.error ?? retire.error ?? trash.error} />
      {asks ? (
        <Confirm
          title={t("Take it out of service?")}
          says={t(
            "Nothing and nobody starts it any more, until a version is published again. Its draft, versions and runs stay.",
          )}
          verb={t("Take out of service")}
          onYes={() => {
            retire.mutate(undefined);
          }}
          onClose={() => {
            setAsks(false);
          }}
        />
      ) : null}
    </Section>
  );
}
