import { useQuery } from "@tanstack/react-query";

import { useSession } from "../../api/session";
import { inNumbers, t, tn } from "../../text";
import { Trouble } from "../../ui/parts";
import { choicesOf, isNothing, NOTHING, withoutGroup, withoutRow } from "./leftOut";
import type { LeftOut } from "./leftOut";
import type { Plan } from "./shapes";

const MOST_ROWS = 20;

/** What is taken out of the plan before the rest is approved, with how many changes that are. */
export function LeavingOut({
  plan,
  leftOut,
  onLeaveOut,
}: {
  plan: Plan;
  leftOut: LeftOut;
  onLeaveOut: (held: LeftOut) => void;
}): React.JSX.Element {
  const { hub } = useSession();
  const choices = choicesOf(leftOut);
  const counted = useQuery<{ count: number }>({
    queryKey: ["plans", plan.id, "leave-out", choices],
    queryFn: () => hub.post<{ count: number }>(`plans/${plan.id}/leave-out/preview`, { leave_out: choices }),
    enabled: !isNothing(leftOut),
  });
  const total = Object.values(plan.counts).reduce((sum, each) => sum + each, 0);
  if (isNothing(leftOut)) {
    return (
      <p className="muted">
        {t("All of it is approved. To approve a part, leave out changes or groups of them below.")}
      </p>
    );
  }
  const count = counted.data?.count;
  return (
    <div className="stack">
      <p role="status">
        {count === undefined
          ? t("Counting…")
          : `${tn("{n} change is left out,", "{n} changes are left out,", count)} ${t(
              "{n} of {total} are approved.",
              {
                n: inNumbers(total - count),
                total: inNumbers(total),
              },
            )}`}{" "}
        <span className="muted">
          {t("What is left out is not made; the next plan finds it again. What needs it is parked.")}
        </span>
      </p>
      <Trouble of={counted.error} />
      <div className="chips" role="group" aria-label={t("Left out")}>
        {leftOut.groups.map((each) => (
          <button
            key={JSON.stringify(each.choice)}
            type="button"
            aria-label={t("Take in again: {what}", { what: each.title })}
            onClick={() => {
              onLeaveOut(withoutGroup(leftOut, each.choice));
            }}
          >
            {each.title} ×
          </button>
        ))}
        {leftOut.rows.slice(0, MOST_ROWS).map((each) => (
          <button
            key={each.position}
            type="button"
            aria-label={t("Take in again: {what}", { what: each.title })}
            onClick={() => {
              onLeaveOut(withoutRow(leftOut, each.position));
            }}
          >
            {each.title} ×
          </button>
        ))}
        {leftOut.rows.length > MOST_ROWS ? (
          <span className="muted">
            {t("and {n} more", { n: inNumbers(leftOut.rows.length - MOST_ROWS) })}
          </span>
        ) : null}
        <button
          type="button"
          onClick={() => {
            onLeaveOut(NOTHING);
          }}
        >
          {t("Take all in again")}
        </button>
      </div>
    </div>
  );
}
