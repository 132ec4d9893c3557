import { useState } from "react";
import { Link, useNavigate } from "react-router";

import { useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import type { PlanLine, Run, Version, Workflow } from "../../api/shapes";
import { formOf } from "../../document/types";
import { StartForm } from "../../runs/StartForm";
import { t } from "../../text";
import { Confirm, Window } from "../../ui/Confirm";
import { Trouble, When } from "../../ui/parts";
import { OnePerson } from "./OnePerson";
import type { Installation, Template } from "./shapes";

/** One installation, and what can be done with it. */
export function Installed({
  template,
  of,
  onConfigure,
}: {
  template: Template;
  of: Installation;
  onConfigure: () => void;
}): React.JSX.Element {
  const { hub, may } = useSession();
  const go = useNavigate();
  const [asks, setAsks] = useState(false);
  const [isForOne, setIsForOne] = useState(false);
  const [asking, setAsking] = useState(0);
  const address = `installations/${of.slug}`;
  const simulate = useDoing(async () => {
    const plan = await hub.post<PlanLine>(`${address}/simulate`, {});
    await go(`/plans/${plan.id}`);
  }, ["plans"]);
  const run = useDoing(async () => {
    const { published } = await hub.get<Workflow>(`workflows/${of.workflow}`);
    const version = published
      ? await hub.get<Version>(`workflows/${of.workflow}/versions/${String(published.number)}`)
      : null;
    if (version?.document && formOf(version.document)) {
      setAsking(version.number);
      return;
    }
    const started = await hub.post<Run>(`${address}/run`, {});
    await go(`/runs/${started.id}`);
  }, ["runs"]);
  const remove = useDoing(() => hub.delete(address), ["installations", "workflows", "plans"]);
  const isBusy = simulate.isPending || run.isPending || remove.isPending;
  return (
    <li className="card">
      <div className="row">
        <h3>
          <Link to={`/workflows/${of.workflow}`}>{of.slug}</Link>
        </h3>
        <span className={`badge ${of.is_active ? "good" : ""}`}>{of.is_active ? t("on") : t("off")}</span>
        <span className="muted">
          {t("version {n}", { n: of.version })}, <When at={of.updated_at} />
        </span>
      </div>
      <div className="row">
        {template.can_be_simulated && may("plan.create") ? (
          <button
            type="button"
            className="primary"
            disabled={isBusy}
            aria-label={t("Simulate {name}", { name: of.slug })}
            onClick={() => {
              simulate.mutate(undefined);
            }}
          >
            {simulate.isPending ? t("Simulating…") : t("Simulate")}
          </button>
        ) : null}
        {template.can_be_simulated && may("plan.create") ? (
          <button
            type="button"
            disabled={isBusy}
            aria-label={t("One person of {name}…", { name: of.slug })}
            onClick={() => {
              setIsForOne(true);
            }}
          >
            {t("One person…")}
          </button>
        ) : null}
        {may("run.start") ? (
          <button
            type="button"
            disabled={isBusy}
            aria-label={t("Start {name}", { name: of.slug })}
            onClick={() => {
              run.mutate(undefined);
            }}
          >
            {t("Start")}
          </button>
        ) : null}
        {may("template.install") ? (
          <>
            <Link
              className={`button${of.version < template.version ? " primary" : ""}`}
              to={`/templates/${template.name}/upgrade/${of.slug}`}
              aria-label={t("Upgrade {name}", { name: of.slug })}
            >
              {of.version < template.version
                ? t("Upgrade to version {n}…", { n: template.version })
                : t("Compare with the template…")}
            </Link>
            <button type="button" aria-label={t("Configure {name}", { name: of.slug })} onClick={onConfigure}>
              {t("Configure")}
            </button>
            <button
              type="button"
              className="danger"
              disabled={isBusy}
              aria-label={t("Remove {name}", { name: of.slug })}
              onClick={() => {
                setAsks(true);
              }}
            >
              {t("Remove…")}
            </button>
          </>
        ) : null}
      </div>
      <Trouble of={simulate.error ?? run.error ?? remove.error} />
      {asking ? (
        <Window
          title={t("Start {name}", { name: of.slug })}
          onClose={() => {
            setAsking(0);
          }}
        >
          <StartForm slug={of.workflow} number={asking} onStarted={(started) => go(`/runs/${started}`)} />
        </Window>
      ) : null}
      {isForOne ? (
        <OnePerson
          of={of.slug}
          onClose={() => {
            setIsForOne(false);
          }}
        />
      ) : null}
      {asks ? (
        <Confirm
          title={t("Remove {name}?", { name: of.slug })}
          says={t(
            "Nothing starts it any more, and its open plans are not applied. Its runs and plans can still be read.",
          )}
          verb={t("Remove")}
          onYes={() => {
            remove.mutate(undefined);
          }}
          onClose={() => {
            setAsks(false);
          }}
        />
      ) : null}
    </li>
  );
}
