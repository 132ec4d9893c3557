import { Link } from "react-router";

import { useAnswer, useList } from "../../api/asking";
import type { Listed } from "../../api/asking";
import { useMay, useSession } from "../../api/session";
import type { ApprovalLine, Connection, Page, PlanLine, RunSummary } from "../../api/shapes";
import { wrongOf } from "../alerts/rules";
import type { AlertRule } from "../alerts/rules";
import type { WorkflowLine } from "../workflows/shapes";
import { inNumbers, said, t, tn } from "../../text";
import { Empty, Loading, PageTitle, Section, State, Trouble, When } from "../../ui/parts";
import { Sandboxes } from "./Sandboxes";

const SHOWN = 6;

/** What needs the person, what ran, and whether the services answer. */
export function Component(): React.JSX.Element {
  const { me } = useSession();
  return (
    <>
      <PageTitle title={me.workspace.name} />
      <Needed />
      <div className="columns">
        <Ran />
        <div className="stack">
          <Services />
          <Sandboxes />
        </div>
      </div>
    </>
  );
}

function Needed(): React.JSX.Element {
  const asked = useList<ApprovalLine>(`approvals?mine=true&limit=${String(SHOWN)}`);
  const plans = useList<PlanLine>(`plans?state=proposed&limit=${String(SHOWN)}`);
  const doubtful = useList<RunSummary>(`runs?state=in_doubt&limit=${String(SHOWN)}`);
  const alerts = useList<AlertRule>(`alerts?limit=${String(SHOWN)}`);
  const late = useList<WorkflowLine>(`workflows?late=true&limit=${String(SHOWN)}`);
  const failed = useList<RunSummary>(`runs?state=failed&limit=${String(SHOWN)}`);
  const isLoading = [asked, plans, doubtful, failed, alerts, late].some((each) => each.isLoading);
  const waits = [asked, plans, doubtful, alerts, late].some((each) => each.items.length > 0);
  if (isLoading) return <Loading />;
  return (
    <Section title={t("Needs you")}>
      <Trouble
        of={
          asked.trouble ??
          plans.trouble ??
          doubtful.trouble ??
          failed.trouble ??
          alerts.trouble ??
          late.trouble
        }
      />
      <ul className="figures of-six">
        <Figure of={asked} title={t("Approvals to give")} to="/approvals" />
        <Figure of={plans} title={t("Plans to look at")} to="/plans?state=proposed" />
        <Figure of={doubtful} title={t("Runs in doubt")} to="/runs?state=in_doubt" />
        <Figure of={failed} title={t("Failed runs")} to="/runs?state=failed" />
        <Figure of={alerts} title={t("Alerts")} to="/alerts" />
        <Figure of={late} title={t("Late workflows")} to="/workflows?late=true" />
      </ul>
      {!waits ? (
        <p className="muted">{t("Nothing waits for you. What needs a decision comes here by itself.")}</p>
      ) : (
        <div className="columns">
          {asked.items.length > 0 ? (
            <Lines title={t("Approvals to give")}>
              {asked.items.map((each) => (
                <li className="line" key={each.id}>
                  <Link to={`/approvals/${each.id}`}>{each.title}</Link>
                  <span className="end">
                    {each.deadline_at ? (
                      <>
                        {t("until")} <When at={each.deadline_at} />
                      </>
                    ) : (
                      <When at={each.asked_at} />
                    )}
                  </span>
                </li>
              ))}
            </Lines>
          ) : null}
          {plans.items.length > 0 ? (
            <Lines title={t("Plans to look at")}>
              {plans.items.map((each) => (
                <li className="line" key={each.id}>
                  <Link to={`/plans/${each.id}`}>{each.title}</Link>
                  <span className="end">
                    <When at={each.created_at} />
                  </span>
                </li>
              ))}
            </Lines>
          ) : null}
          {doubtful.items.length > 0 ? (
            <Lines title={t("Runs in doubt")}>
              {doubtful.items.map((each) => (
                <RunLine key={each.id} run={each} />
              ))}
            </Lines>
          ) : null}
          {alerts.items.length > 0 ? (
            <Lines title={t("Alerts")}>
              {alerts.items.map((each) => (
                <li className="line" key={each.id}>
                  <Link to={`/workflows/${each.workflow}`}>{each.workflow_name}</Link>
                  <span>{wrongOf(each)}</span>
                  <span className="end">
                    <When at={each.began_at} />
                  </span>
                </li>
              ))}
            </Lines>
          ) : null}
          {late.items.length > 0 ? (
            <Lines title={t("Late workflows")}>
              {late.items.map((each) => (
                <li className="line" key={each.id}>
                  <Link to={`/workflows/${each.slug}`}>{each.name}</Link>
                  <span className="end">
                    {t("was due")} <When at={each.next_at} />
                  </span>
                </li>
              ))}
            </Lines>
          ) : null}
        </div>
      )}
    </Section>
  );
}

function Figure({ of, title, to }: { of: Listed<unknown>; title: string; to: string }): React.JSX.Element {
  return (
    <li>
      <Link className="card" to={to}>
        <span className="figure">
          {inNumbers(of.items.length)}
          {of.hasMore ? "+" : ""}
        </span>
        <span>{title}</span>
      </Link>
    </li>
  );
}

function Lines({ title, children }: { title: string; children: React.ReactNode }): React.JSX.Element {
  return (
    <section className="card" aria-label={title}>
      <h3>{title}</h3>
      <ul className="plain">{children}</ul>
    </section>
  );
}

function RunLine({ run }: { run: RunSummary }): React.JSX.Element {
  return (
    <li className="line">
      <State of={run.state} />
      <Link to={`/runs/${run.id}`}>{run.workflow_name}</Link>
      <span className="end">
        <When at={run.created_at} />
      </span>
    </li>
  );
}

function Ran(): React.JSX.Element {
  const list = useList<RunSummary>("runs?limit=8");
  const mayBuild = useMay("workflow.edit");
  return (
    <Section title={t("What ran")} actions={<Link to="/runs">{t("All runs")}</Link>}>
      {list.isLoading ? <Loading /> : null}
      {list.items.length > 0 ? (
        <div className="card">
          <ul className="plain">
            {list.items.map((each) => (
              <RunLine key={each.id} run={each} />
            ))}
          </ul>
        </div>
      ) : list.isLoading ? null : (
        <Empty
          action={
            mayBuild ? (
              <Link className="button primary" to="/templates">
                {t("Choose a template")}
              </Link>
            ) : null
          }
        >
          {t(
            "Nothing has run yet. A template is the quickest way to the first run: simulate it, and nothing is written.",
          )}
        </Empty>
      )}
    </Section>
  );
}

function Services(): React.JSX.Element {
  const { data, isLoading, error } = useAnswer<Page<Connection>>("connections?limit=50");
  const items = data?.items ?? [];
  const failing = items.filter((each) => each.health.state === "failing").length;
  return (
    <Section
      title={t("Connections")}
      {...(failing > 0 ? { note: tn("{n} does not work", "{n} do not work", failing) } : {})}
      actions={<Link to="/connections">{t("All connections")}</Link>}
    >
      <Trouble of={error} />
      {isLoading ? <Loading /> : null}
      {items.length > 0 ? (
        <div className="card">
          <ul className="plain">
            {items.map((each) => (
              <li className="line" key={each.id}>
                <State of={each.health.state} words={said(healthWords(each.health.state))} />
                <Link to={`/connections/${each.id}`}>{each.name}</Link>
                {each.health.message && each.health.state === "failing" ? (
                  <small>{each.health.message}</small>
                ) : null}
              </li>
            ))}
          </ul>
        </div>
      ) : isLoading ? null : (
        <Empty>{t("No connection yet. A connection is a saved sign-in to an outside service.")}</Empty>
      )}
    </Section>
  );
}

function healthWords(state: string): string {
  return state === "well" ? "Works" : state === "failing" ? "Does not work" : "Not tested";
}
