import { Link, useParams } from "react-router";

import { useAnswer } from "../../api/asking";
import { said, t, tn } from "../../text";
import { Empty, Loading, Notice, PageTitle, Section, State, Trouble, When } from "../../ui/parts";
import { Decide } from "./Decide";
import { Shown } from "./Shown";
import { offeredIn } from "./shapes";
import type { Approval } from "./shapes";

/** One question. Looking changes nothing; only the buttons decide. */
export function Component(): React.JSX.Element {
  const { id = "" } = useParams();
  const { data: approval, error, isLoading } = useAnswer<Approval>(`approvals/${id}`);
  const crumbs = [{ title: t("Approvals"), to: "/approvals" }];
  if (isLoading) return <Loading />;
  if (!approval) {
    return (
      <>
        <PageTitle title={t("Approval")} crumbs={crumbs} />
        <Trouble of={error} />
      </>
    );
  }
  const offered = offeredIn(approval);
  const whyNot = approval.stages.find((each) => each.is_open && each.why_not)?.why_not;
  return (
    <>
      <PageTitle title={approval.title} crumbs={crumbs} badge={<State of={approval.state} />} />
      {approval.why ? <p>{said(approval.why)}</p> : null}
      <section className="card" aria-label={t("What is asked")}>
        <h2>{t("What is asked")}</h2>
        <Shown of={approval} />
      </section>
      {offered.length > 0 ? (
        <Decide approval={approval} offered={offered} />
      ) : whyNot && approval.state === "open" ? (
        <Notice>{whyNot}</Notice>
      ) : null}
      <Section title={t("Stages")}>
        <ol className="cards">
          {approval.stages.map((each) => (
            <li className="card" key={each.name}>
              <div className="row">
                <h3>{each.name}</h3>
                {each.is_open ? <State of="waiting" /> : null}
              </div>
              <p>
                {t("{made} of {need} decided.", { made: each.decisions.length, need: each.need })}{" "}
                {each.asked.length > 0 ? t("Asked: {names}.", { names: each.asked.join(", ") }) : null}
              </p>
            </li>
          ))}
        </ol>
      </Section>
      <History of={approval} />
    </>
  );
}

function History({ of }: { of: Approval }): React.JSX.Element {
  return (
    <Section title={t("History")}>
      {of.decisions.length === 0 ? <Empty>{t("Nobody has decided yet.")}</Empty> : null}
      <ul className="cards">
        {of.decisions.map((each) => (
          <li className="card" key={each.id}>
            <p className="row">
              <State of={each.approve ? "approved" : "rejected"} words={each.approve ? t("yes") : t("no")} />
              <strong>{each.by}</strong>
              {each.in_place_of === each.by ? null : (
                <span>{t("in place of {name}", { name: each.in_place_of })}</span>
              )}
              <span className="muted">
                <When at={each.at} isFull />
                {each.signed_in.by ? `, ${t("signed in by {way}", { way: each.signed_in.by })}` : ""}
              </span>
            </p>
            {each.comment ? <p className="comment">{each.comment}</p> : null}
            {each.digest === of.digest ? null : (
              <p className="muted">{t("About what was shown before: it does not count.")}</p>
            )}
          </li>
        ))}
      </ul>
      {of.mails.length > 0 ? (
        <details>
          <summary>{t("Deliveries")}</summary>
          <ul>
            {of.mails.map((each) => (
              <li key={each.id}>
                {`${each.to}: `}
                <Link to={`/deliveries?notice=${each.notice}`}>
                  {each.number ? tn("reminder {n}", "reminder {n}", each.number) : t("asked")}
                </Link>
                {`, ${said(each.state)}${each.message ? ` (${said(each.message)})` : ""}`}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </Section>
  );
}
