import { useState } from "react";
import { Link, useNavigate } from "react-router";

import { useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { Notice, Trouble } from "../../ui/parts";
import { LeavingOut } from "./LeavingOut";
import { choicesOf, isNothing } from "./leftOut";
import type { LeftOut } from "./leftOut";
import type { Plan } from "./shapes";

const UNDOABLE: ReadonlySet<string> = new Set(["applied", "superseded"]);

/** Approve, reject, apply, undo: what the plan's state and the person's roles allow. */
export function Deciding({
  plan,
  leftOut,
  onLeaveOut,
}: {
  plan: Plan;
  leftOut: LeftOut;
  onLeaveOut: (held: LeftOut) => void;
}): React.JSX.Element | null {
  const { hub, may, me } = useSession();
  const go = useNavigate();
  const [comment, setComment] = useState("");
  const touched = ["plans", "runs", "approvals"];
  const decide = useDoing(
    (approve: boolean) =>
      hub.post(`plans/${plan.id}/decide`, {
        approve,
        digest: plan.digest,
        comment,
        leave_out: approve ? choicesOf(leftOut) : [],
      }),
    touched,
  );
  const apply = useDoing(() => hub.post(`plans/${plan.id}/apply`, {}), touched);
  const undo = useDoing(async () => {
    const made = await hub.post<Plan>(`plans/${plan.id}/undo`, {});
    await go(`/plans/${made.id}`);
  }, touched);
  const trouble = <Trouble of={decide.error ?? apply.error ?? undo.error} />;
  const isBusy = decide.isPending || apply.isPending || undo.isPending;

  if (plan.state === "proposed" && plan.approval) {
    return (
      <Notice>
        <p>
          {t("People are asked about this plan in stages.")}{" "}
          <Link to={`/approvals/${plan.approval}`}>{t("Decide there")}</Link>
        </p>
      </Notice>
    );
  }
  if (plan.state === "proposed" && may("plan.approve")) {
    const isOwn = plan.created_by === me.person.username;
    return (
      <form
        className="card deciding"
        aria-label={t("Decide")}
        onSubmit={(event) => {
          event.preventDefault();
        }}
      >
        {isOwn ? <p className="muted">{t("You made this plan: somebody else approves it.")}</p> : null}
        <LeavingOut plan={plan} leftOut={leftOut} onLeaveOut={onLeaveOut} />
        <div className="field">
          <label htmlFor="comment">{t("Comment")}</label>
          <input
            id="comment"
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
            disabled={isBusy || isOwn}
            onClick={() => {
              decide.mutate(true);
            }}
          >
            {isNothing(leftOut) ? t("Approve") : t("Approve the rest")}
          </button>
          <button
            type="button"
            className="danger"
            disabled={isBusy}
            onClick={() => {
              decide.mutate(false);
            }}
          >
            {t("Reject")}
          </button>
        </div>
        {trouble}
      </form>
    );
  }
  const mayApply = (plan.state === "approved" || plan.state === "applying") && may("plan.apply");
  const mayUndo = UNDOABLE.has(plan.state) && (plan.states["applied"] ?? 0) > 0 && may("plan.undo");
  if (!mayApply && !mayUndo) return null;
  return (
    <div className="stack">
      <div className="row">
        {mayApply ? (
          <button
            type="button"
            className="primary"
            disabled={isBusy}
            onClick={() => {
              apply.mutate(undefined);
            }}
          >
            {apply.isPending ? t("Applying…") : t("Apply exactly this")}
          </button>
        ) : null}
        {mayUndo ? (
          <button
            type="button"
            disabled={isBusy}
            onClick={() => {
              undo.mutate(undefined);
            }}
          >
            {t("Plan to undo it")}
          </button>
        ) : null}
      </div>
      {trouble}
    </div>
  );
}
