import { useQueries } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";

import { keyOf, useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import type { ApprovalLine } from "../../api/shapes";
import { said, t, tn } from "../../text";
import { Empty, Loading, Notice, PageTitle, State, Trouble, When } from "../../ui/parts";
import { More } from "../../ui/Table";
import { Shown } from "./Shown";
import { offeredIn } from "./shapes";
import type { Approval } from "./shapes";

/** What one is asked: looked at in place, decided one by one or several at once. With ?all, everything. */
export function Component(): React.JSX.Element {
  const [asked] = useSearchParams();
  const everything = asked.has("all");
  return (
    <>
      <PageTitle title={t("Approvals")}>
        <Link className="button" to="/deputies">
          {t("Deputies")}
        </Link>
      </PageTitle>
      <nav className="tabs" aria-label={t("Which approvals")}>
        <Link to="/approvals" aria-current={everything ? undefined : "page"}>
          {t("Asked of you")}
        </Link>
        <Link to="/approvals?all" aria-current={everything ? "page" : undefined}>
          {t("All")}
        </Link>
      </nav>
      {everything ? <Everything /> : <Mine />}
    </>
  );
}

function Mine(): React.JSX.Element {
  const { hub } = useSession();
  const list = useList<ApprovalLine>("approvals?mine=true&limit=20");
  const details = useQueries({
    queries: list.items.map((each) => ({
      queryKey: keyOf(`approvals/${each.id}`),
      queryFn: () => hub.get<Approval>(`approvals/${each.id}`),
    })),
  });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const known = new Map(details.flatMap((each) => (each.data ? [[each.data.id, each.data] as const] : [])));
  const ready = list.items.filter((each) => chosen.has(each.id) && known.has(each.id));
  if (list.isLoading) return <Loading />;
  return (
    <>
      <Trouble of={list.trouble} />
      {list.items.length === 0 && !list.trouble ? (
        <Empty>{t("Nobody waits for your decision. What you are asked comes here, and by mail.")}</Empty>
      ) : null}
      <ul className="cards">
        {list.items.map((each) => {
          const approval = known.get(each.id);
          return (
            <li className="card" key={each.id}>
              <div className="choose">
                <input
                  type="checkbox"
                  aria-label={t("Choose {title}", { title: each.title })}
                  checked={chosen.has(each.id)}
                  onChange={(event) => {
                    const next = new Set(chosen);
                    if (event.target.checked) next.add(each.id);
                    else next.delete(each.id);
                    setChosen(next);
                  }}
                />
                <h2>
                  <Link to={`/approvals/${each.id}`}>{each.title}</Link>
                </h2>
              </div>
              {approval ? <Shown of={approval} /> : <Loading />}
            </li>
          );
        })}
      </ul>
      <More of={list} />
      {ready.length > 0 ? (
        <Together
          approvals={ready.flatMap((each) => known.get(each.id) ?? [])}
          onDone={() => {
            setChosen(new Set());
          }}
        />
      ) : null}
    </>
  );
}

/** One decision for all that are chosen, each about exactly what stands above. */
function Together({
  approvals,
  onDone,
}: {
  approvals: readonly Approval[];
  onDone: () => void;
}): React.JSX.Element {
  const { hub } = useSession();
  const [comment, setComment] = useState("");
  const [refused, setRefused] = useState<readonly string[]>([]);
  const decide = useDoing(
    async (approve: boolean) => {
      const wrong: string[] = [];
      for (const each of approvals) {
        const stage = offeredIn(each)[0]?.name ?? "";
        try {
          await hub.post(`approvals/${each.id}/decide`, { approve, digest: each.digest, stage, comment });
        } catch (trouble) {
          wrong.push(`${each.title}: ${trouble instanceof Error ? trouble.message : String(trouble)}`);
        }
      }
      setRefused(wrong);
      if (wrong.length === 0) onDone();
    },
    ["approvals", "plans", "runs"],
  );
  return (
    <form
      className="card together"
      aria-label={t("Decide together")}
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <p>
        <strong>{tn("{n} chosen", "{n} chosen", approvals.length)}</strong>
      </p>
      <div className="field">
        <label htmlFor="together-comment">
          {t("Comment")} <span className="muted">({t("needed for a no")})</span>
        </label>
        <input
          id="together-comment"
          maxLength={2000}
          value={comment}
          onChange={(event) => {
            setComment(event.target.value);
          }}
        />
      </div>
      <div className="row">
        <button
          type="button"
          className="primary"
          disabled={decide.isPending}
          onClick={() => {
            decide.mutate(true);
          }}
        >
          {t("Approve the chosen")}
        </button>
        <button
          type="button"
          className="danger"
          disabled={decide.isPending || comment.trim() === ""}
          onClick={() => {
            decide.mutate(false);
          }}
        >
          {t("Reject the chosen")}
        </button>
      </div>
      {refused.length > 0 ? (
        <Notice tone="bad">
          <ul>
            {refused.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </Notice>
      ) : null}
    </form>
  );
}

function Everything(): React.JSX.Element {
  const list = useList<ApprovalLine>("approvals");
  if (list.isLoading) return <Loading />;
  return (
    <>
      <Trouble of={list.trouble} />
      {list.items.length === 0 && !list.trouble ? <Empty>{t("Nobody was asked anything yet.")}</Empty> : null}
      <ul className="cards">
        {list.items.map((each) => (
          <li className="card" key={each.id}>
            <h2>
              <Link to={`/approvals/${each.id}`}>{each.title}</Link>
            </h2>
            <p className="row">
              <State of={each.state} />
              <span>
                {each.requester_name ? t("asked by {name}", { name: each.requester_name }) : t("asked")}{" "}
                <When at={each.asked_at} />
              </span>
              {each.why ? <span className="muted">{said(each.why)}</span> : null}
            </p>
          </li>
        ))}
      </ul>
      <More of={list} />
    </>
  );
}
