import { useAnswer } from "../../api/asking";
import type { LiveTrigger } from "../../api/shapes";
import { t, tn } from "../../text";
import { Empty, Loading, Notice, Section, Trouble, When } from "../../ui/parts";
import { scheduleInWords } from "../../text/schedules";
import { exactly } from "../../text/time";
import { kindInWords } from "../runs/words";
import { EventSource } from "./EventSource";
import { Webhook } from "./Webhook";

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
  return (
    <article className="card" aria-label={t("Trigger {name}", { name: trigger.name })}>
      <div className="row">
        <h3 className="begins">{kindInWords(trigger.kind)}</h3>
        <code className="muted">{trigger.name}</code>
      </div>
      {trigger.kind === "webhook" ? <Webhook trigger={trigger} slug={slug} /> : null}
      {trigger.schedule ? (
        <>
          <p>{scheduleInWords(trigger.settings, trigger.schedule.words)}.</p>
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
      {trigger.kind === "event" ? <EventSource trigger={trigger} slug={slug} /> : null}
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
    </article>
  );
}
