import { useState } from "react";

import { useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { Notice, Trouble } from "../../ui/parts";
import type { Approval, Stage } from "./shapes";

/** Yes or no to exactly what stands on the page. What was typed is kept when it cannot be decided. */
export function Decide({
  approval,
  offered,
}: {
  approval: Approval;
  offered: readonly Stage[];
}): React.JSX.Element {
  const { hub } = useSession();
  const [stage, setStage] = useState(offered[0]?.name ?? "");
  const [comment, setComment] = useState("");
  const [lacksReason, setLacksReason] = useState(false);
  const decide = useDoing(
    (approve: boolean) =>
      hub.post(`approvals/${approval.id}/decide`, { approve, digest: approval.digest, stage, comment }),
    ["approvals", "plans", "runs"],
  );
  return (
    <section className="card" aria-label={t("Your decision")}>
      <h2>{t("Your decision")}</h2>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        {offered.length > 1 ? (
          <div className="field">
            <label htmlFor="stage">{t("Stage")}</label>
            <select
              id="stage"
              value={stage}
              onChange={(event) => {
                setStage(event.target.value);
              }}
            >
              {offered.map((each) => (
                <option key={each.name}>{each.name}</option>
              ))}
            </select>
          </div>
        ) : (
          <p>{t("You decide in the stage “{stage}”.", { stage })}</p>
        )}
        <div className="field">
          <label htmlFor="comment">
            {t("Comment")} <span className="muted">({t("needed for a no")})</span>
          </label>
          <textarea
            id="comment"
            rows={3}
            maxLength={2000}
            value={comment}
            aria-invalid={lacksReason || undefined}
            aria-describedby={lacksReason ? "comment-wrong" : undefined}
            onChange={(event) => {
              setComment(event.target.value);
              setLacksReason(false);
            }}
          />
          {lacksReason ? (
            <p className="wrong" id="comment-wrong" role="alert">
              {t("Say in the comment why not.")}
            </p>
          ) : null}
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
            {t("Approve")}
          </button>
          <button
            type="button"
            className="danger"
            disabled={decide.isPending}
            onClick={() => {
              if (comment.trim() === "") setLacksReason(true);
              else decide.mutate(false);
            }}
          >
            {t("Reject")}
          </button>
        </div>
        <Trouble of={decide.error} />
        {decide.isSuccess ? <Notice tone="good">{t("Your decision is noted.")}</Notice> : null}
      </form>
    </section>
  );
}
