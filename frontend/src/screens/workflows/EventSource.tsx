import { useState } from "react";
import { Link } from "react-router";

import { useAnswer, useDoing, withQuery } from "../../api/asking";
import { useSession } from "../../api/session";
import type { LiveTrigger } from "../../api/shapes";
import { inNumbers, t, tn } from "../../text";
import { Confirm, Window } from "../../ui/Confirm";
import { Input } from "../../ui/Input";
import { JsonView } from "../../ui/Json";
import { Notice, Trouble, When } from "../../ui/parts";

/** An event source: up to where it was read, and how to begin anew or see again what was reported. */
export function EventSource({ trigger, slug }: { trigger: LiveTrigger; slug: string }): React.JSX.Element {
  const { hub, may } = useSession();
  const [asks, setAsks] = useState<"" | "reset" | "rewind">("");
  const reset = useDoing(() => hub.post(`triggers/${trigger.id}/reset`, {}), [`workflows/${slug}/triggers`]);
  const close = (): void => {
    setAsks("");
  };
  return (
    <>
      <p>
        {t("Asks {source} through the connection {connection}.", {
          source: textOf(trigger.settings["source"]),
          connection: textOf(trigger.settings["connection"]),
        })}{" "}
        {trigger.asked_at ? (
          <>
            {t("Last asked")} <When at={trigger.asked_at} />.
          </>
        ) : null}{" "}
        {trigger.remembered > 0
          ? tn("It remembers {n} object.", "It remembers {n} objects.", trigger.remembered)
          : ""}
      </p>
      {trigger.cursor ? (
        <details>
          <summary>{t("Cursor: up to where it has been read")}</summary>
          <JsonView title={t("Cursor")} value={trigger.cursor} />
        </details>
      ) : (
        <p className="muted">
          {t("It has not been read yet. The first reading reports nothing that is already so.")}
        </p>
      )}
      {may("trigger.edit") ? (
        <div className="row">
          <button
            type="button"
            className="small"
            onClick={() => {
              setAsks("rewind");
            }}
          >
            {t("See again what was reported…")}
          </button>
          <button
            type="button"
            className="small"
            onClick={() => {
              setAsks("reset");
            }}
          >
            {t("Learn anew where things stand…")}
          </button>
        </div>
      ) : null}
      <Trouble of={reset.error} />
      {asks === "reset" ? (
        <Confirm
          title={t("Learn anew where things stand?")}
          says={t(
            "The cursor and what the source remembers are forgotten. The next reading learns how things are and reports none of it: whatever changes between the last reading and that one starts no run, ever.",
          )}
          verb={t("Forget the cursor")}
          onYes={() => {
            reset.mutate(undefined);
          }}
          onClose={close}
        />
      ) : null}
      {asks === "rewind" ? <Rewind trigger={trigger} slug={slug} onClose={close} /> : null}
    </>
  );
}

interface Told {
  readonly count: number;
  readonly first_at: string | null;
  readonly happenings: readonly {
    readonly at: string;
    readonly run: string;
    readonly event: string;
    readonly subject: string;
    readonly happenings: number;
  }[];
}

function Rewind({
  trigger,
  slug,
  onClose,
}: {
  trigger: LiveTrigger;
  slug: string;
  onClose: () => void;
}): React.JSX.Element {
  const { hub } = useSession();
  const [local, setLocal] = useState(() => localTime(Date.now() - 24 * 3_600_000));
  const since = Number.isNaN(Date.parse(local)) ? "" : new Date(local).toISOString();
  const told = useAnswer<Told>(withQuery(`triggers/${trigger.id}/rewind/preview`, { since }), {
    isWanted: since !== "",
  });
  const rewind = useDoing(
    () => hub.post(`triggers/${trigger.id}/rewind`, { since, count: told.data?.count ?? 0 }),
    ["runs", `workflows/${slug}/triggers`],
  );
  return (
    <Window title={t("See again what was reported")} onClose={onClose}>
      <Input title={t("From this time on")} type="datetime-local" value={local} onChange={setLocal} />
      <Trouble of={told.error ?? rewind.error} />
      {rewind.isSuccess ? (
        <Notice tone="good">
          <p>
            {t("The runs are queued.")}{" "}
            <Link to={`/runs?workflow=${slug}&cause=event`}>{t("Look at them")}</Link>
          </p>
        </Notice>
      ) : told.data?.count === 0 ? (
        <p>{t("Nothing was reported since then.")}</p>
      ) : told.data ? (
        <>
          <Notice tone="warn">
            <p>
              {tn(
                "{n} delivery is seen again: it starts a new run of the published version. What its run wrote before is written again, unless the workflow looks first.",
                "{n} deliveries are seen again: each starts a new run of the published version. What their runs wrote before is written again, unless the workflow looks first.",
                told.data.count,
              )}
            </p>
          </Notice>
          <ul className="plain">
            {told.data.happenings.slice(0, 10).map((each) => (
              <li className="line" key={each.run}>
                <Link to={`/runs/${each.run}`}>
                  {each.happenings > 1
                    ? tn("{n} happening", "{n} happenings", each.happenings)
                    : `${each.event} ${each.subject}`}
                </Link>
                <span className="end">
                  <When at={each.at} isFull />
                </span>
              </li>
            ))}
          </ul>
          {told.data.count > 10 ? (
            <p className="muted">{t("and {n} more", { n: inNumbers(told.data.count - 10) })}</p>
          ) : null}
          <div>
            <button
              type="button"
              className="danger"
              disabled={rewind.isPending}
              onClick={() => {
                rewind.mutate(undefined);
              }}
            >
              {t("See these again")}
            </button>
          </div>
        </>
      ) : null}
    </Window>
  );
}

/** A moment as an input of the browser has it, in the browser's own zone. */
function localTime(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
