import { useState } from "react";
import { Link } from "react-router";

import { useAnswer, useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import type { LiveTrigger, RunSummary } from "../../api/shapes";
import type { JsonObject } from "../../document/types";
import { said, t, tn } from "../../text";
import { Empty, Loading, Notice, Section, State, Trouble, When } from "../../ui/parts";
import { exactly } from "../../text/time";

/** What starts the published version, and where each trigger stands. */
export function Triggers({ slug, isPublished }: { slug: string; isPublished: boolean }): React.JSX.Element {
  const { data, error, isLoading } = useAnswer<{ items: readonly LiveTrigger[] }>(
    `workflows/${slug}/triggers`,
  );
  const items = data?.items ?? [];
  return (
    <Section title={t("Triggers")}>
      <Trouble of={error} />
      {isLoading ? <Loading /> : null}
      {data && items.length === 0 ? (
        <Empty>
          {isPublished
            ? t("The published version has no trigger. People start it by hand.")
            : t("Nothing is published, so nothing starts it.")}
        </Empty>
      ) : null}
      {items.map((each) => (
        <Trigger key={each.id} trigger={each} slug={slug} />
      ))}
    </Section>
  );
}

function Trigger({ trigger, slug }: { trigger: LiveTrigger; slug: string }): React.JSX.Element {
  const { hub, may } = useSession();
  const reset = useDoing(() => hub.post(`triggers/${trigger.id}/reset`, {}), [`workflows/${slug}/triggers`]);
  return (
    <article className="card" aria-label={t("Trigger {name}", { name: trigger.name })}>
      <div className="row">
        <h3>{trigger.name}</h3>
        <span className="badge">{said(trigger.kind)}</span>
      </div>
      {trigger.kind === "webhook" ? <Webhook trigger={trigger} slug={slug} /> : null}
      {trigger.schedule ? (
        <>
          <p>{trigger.schedule.words}.</p>
          {trigger.schedule.fires.length > 0 ? (
            <details>
              <summary>
                {t("Next")}: {exactly(trigger.schedule.fires[0] ?? "")}
              </summary>
              <ol>
                {trigger.schedule.fires.map((at) => (
                  <li key={at}>
                    <time dateTime={at}>{exactly(at)}</time>
                  </li>
                ))}
              </ol>
            </details>
          ) : null}
          {trigger.passed_over > 0 ? (
            <p className="muted">
              {tn("{n} fire was passed over.", "{n} fires were passed over.", trigger.passed_over)}
            </p>
          ) : null}
        </>
      ) : null}
      {trigger.kind === "event" ? (
        <p>
          {t("Asks {source} through the connection {connection}.", {
            source: textOf(trigger.settings["source"]),
            connection: textOf(trigger.settings["connection"]),
          })}{" "}
          {trigger.asked_at ? (
            <>
              {t("Last asked")} <When at={trigger.asked_at} />.
            </>
          ) : null}
        </p>
      ) : null}
      {trigger.error ? <Notice tone="bad">{trigger.error.message ?? ""}</Notice> : null}
      {trigger.warnings.map((each) => (
        <Notice tone="warn" key={each}>
          {each}
        </Notice>
      ))}
      {trigger.fired_at ? (
        <p className="muted">
          {t("Last started a run")} <When at={trigger.fired_at} />
        </p>
      ) : null}
      {trigger.kind === "event" && may("trigger.edit") ? (
        <div>
          <button
            type="button"
            className="small"
            onClick={() => {
              reset.mutate(undefined);
            }}
          >
            {t("Learn anew where things stand")}
          </button>
        </div>
      ) : null}
      <Trouble of={reset.error} />
    </article>
  );
}

function Webhook({ trigger, slug }: { trigger: LiveTrigger; slug: string }): React.JSX.Element {
  const { hub, may } = useSession();
  const [secret, setSecret] = useState("");
  const make = useDoing(async () => {
    const made = await hub.post<{ secret: string }>(`triggers/${trigger.id}/secret`, {});
    setSecret(made.secret);
  }, [`workflows/${slug}/triggers`]);
  const check = (trigger.settings["check"] ?? {}) as JsonObject;
  const kind = textOf(check["kind"]) || "none";
  const curl = curlOf(trigger.address, kind, textOf(check["header"]));
  return (
    <>
      <p>
        <code>{trigger.address}</code>
      </p>
      {kind !== "none" && !trigger.has_secret ? (
        <Notice tone="warn">{t("It has no secret yet, so every call is refused.")}</Notice>
      ) : null}
      {secret ? (
        <Notice tone="good">
          <p>{t("The new secret, shown this once:")}</p>
          <p>
            <code>{secret}</code>
          </p>
        </Notice>
      ) : null}
      <details>
        <summary>{t("Call it with curl")}</summary>
        <pre tabIndex={0} aria-label="curl">
          {curl}
        </pre>
        <button type="button" className="small" onClick={() => void navigator.clipboard.writeText(curl)}>
          {t("Copy")}
        </button>
      </details>
      {kind !== "none" && may("trigger.edit") ? (
        <div>
          <button
            type="button"
            className="small"
            onClick={() => {
              make.mutate(undefined);
            }}
          >
            {trigger.has_secret ? t("Replace the secret") : t("Make a secret")}
          </button>
        </div>
      ) : null}
      <Trouble of={make.error} />
      <Calls slug={slug} trigger={trigger.name} />
    </>
  );
}

/** The calls that were taken: each is a run. */
function Calls({ slug, trigger }: { slug: string; trigger: string }): React.JSX.Element {
  const list = useList<RunSummary>(`runs?workflow=${slug}&cause=webhook&trigger=${trigger}&limit=5`);
  return (
    <details open={list.items.length > 0}>
      <summary>{t("Received calls")}</summary>
      {list.items.length === 0 ? (
        <p className="muted">{t("None yet. A call that is taken appears here at once.")}</p>
      ) : (
        <ul className="plain">
          {list.items.map((each) => (
            <li className="line" key={each.id}>
              <State of={each.state} />
              <Link to={`/runs/${each.id}`}>
                <When at={each.created_at} isFull />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </details>
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function curlOf(address: string, kind: string, header: string): string {
  const lines = [`curl -X POST '${address}'`, `  -H 'Content-Type: application/json'`];
  if (kind === "token")
    lines.push(header ? `  -H '${header}: THE-SECRET'` : `  -H 'Authorization: Bearer THE-SECRET'`);
  if (kind === "basic") lines.push(`  -u 'USER:THE-SECRET'`);
  return [...lines, `  -d '{"hello": "world"}'`].join(" \\\n");
}
