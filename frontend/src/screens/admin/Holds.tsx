import { useState } from "react";

import { useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { exactly } from "../../text/time";
import { Input } from "../../ui/Input";
import { Empty, Section, Trouble, When } from "../../ui/parts";
import { ListTable } from "../../ui/Table";
import type { Hold } from "./retention";

const NONE = { reason: "", workflow: "", key: "", since: "", until: "" };

/** Legal holds on runs: those that stand, those that were lifted, and placing one. */
export function Holds(): React.JSX.Element {
  const { may } = useSession();
  const list = useList<Hold>("retention/holds");
  const isAdmin = may("retention.hold");
  return (
    <Section title={t("Legal holds")}>
      <p>{t("Nothing is removed of the runs that a hold means, whatever the rules say.")}</p>
      <ListTable
        name={t("Legal holds")}
        list={list}
        keyOf={(each) => each.id}
        columns={[
          { title: t("Reason"), isHead: true, cell: (each) => each.reason },
          { title: t("Which runs"), cell: (each) => chosen(each) },
          {
            title: t("Placed"),
            cell: (each) => (
              <>
                {each.placed_by_name}, <When at={each.placed_at} />
              </>
            ),
          },
          {
            title: t("Lifted"),
            cell: (each) =>
              each.lifted_at ? (
                <>
                  {each.lifted_by_name}, <When at={each.lifted_at} />: {each.lifted_because}
                </>
              ) : (
                t("it stands")
              ),
          },
          {
            title: t("What to do"),
            isQuiet: true,
            cell: (each) => (isAdmin && !each.lifted_at ? <Lift hold={each} /> : null),
          },
        ]}
        empty={<Empty>{t("Nothing is held.")}</Empty>}
      />
      {isAdmin ? <Place /> : null}
    </Section>
  );
}

function Lift({ hold }: { hold: Hold }): React.JSX.Element {
  const { hub } = useSession();
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState("");
  const lift = useDoing(() => hub.post(`retention/holds/${hold.id}/lift`, { reason }), ["retention"]);
  if (!isOpen) {
    return (
      <button
        type="button"
        className="small"
        aria-label={t("Lift the hold: {name}", { name: hold.reason })}
        onClick={() => {
          setIsOpen(true);
        }}
      >
        {t("Lift…")}
      </button>
    );
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        lift.mutate(undefined);
      }}
    >
      <Input title={t("Why it is lifted")} value={reason} onChange={setReason} isRequired />
      <Trouble of={lift.error} />
      <div>
        <button className="small danger" disabled={lift.isPending}>
          {t("Lift the hold")}
        </button>
      </div>
    </form>
  );
}

function Place(): React.JSX.Element {
  const { hub } = useSession();
  const [asked, setAsked] = useState(NONE);
  const set = (name: keyof typeof NONE) => (to: string) => {
    setAsked({ ...asked, [name]: to });
  };
  const place = useDoing(async () => {
    const given = Object.entries(asked).filter(([, value]) => value !== "");
    await hub.post("retention/holds", Object.fromEntries(given));
    setAsked(NONE);
  }, ["retention"]);
  return (
    <details className="card">
      <summary>
        <strong>{t("Place a hold")}</strong>
      </summary>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          place.mutate(undefined);
        }}
      >
        <Input title={t("Why")} value={asked.reason} onChange={set("reason")} isRequired />
        <p className="help">{t("All that you fill in has to fit. Nothing filled in: every run.")}</p>
        <Input
          title={t("Workflow")}
          value={asked.workflow}
          onChange={set("workflow")}
          help={t("Its short name.")}
        />
        <Input
          title={t("Business key")}
          value={asked.key}
          onChange={set("key")}
          help={t("The key that started a run, its domain, or a whole value in its data.")}
        />
        <Input title={t("Ended from this day on")} type="date" value={asked.since} onChange={set("since")} />
        <Input title={t("Begun before this day")} type="date" value={asked.until} onChange={set("until")} />
        <Trouble of={place.error} />
        <div>
          <button className="primary" disabled={place.isPending}>
            {t("Place the hold")}
          </button>
        </div>
      </form>
    </details>
  );
}

function chosen(hold: Hold): string {
  const parts = [
    hold.workflow,
    hold.key,
    hold.since ? `≥ ${exactly(hold.since)}` : "",
    hold.until ? `< ${exactly(hold.until)}` : "",
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(", ") : t("every run");
}
