import { useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import { said, t, tn } from "../../text";
import { Notice, Trouble } from "../../ui/parts";
import type { Plan } from "./shapes";

const OPEN: ReadonlySet<string> = new Set(["proposed", "approved"]);

/** What guards hold in a plan: not made, unless somebody releases it who did not make the plan. */
export function Held({ plan }: { plan: Plan }): React.JSX.Element | null {
  const { hub, may, me } = useSession();
  const release = useDoing(
    (kind: { resource: string; operation: string }) =>
      hub.post(`plans/${plan.id}/release`, { ...kind, digest: plan.digest }),
    ["plans"],
  );
  if (plan.held.length === 0) return null;
  const mayRelease =
    OPEN.has(plan.state) && !plan.approval && may("plan.approve") && plan.created_by !== me.person.username;
  return (
    <Notice tone="warn">
      {plan.held.map(({ resource, operation, count }) => (
        <div className="row" key={resource + operation}>
          <p>
            {tn("{n} change is held by a guard:", "{n} changes are held by a guard:", count)}{" "}
            {said(operation)} <code>{resource}</code>
          </p>
          {mayRelease ? (
            <button
              type="button"
              className="small"
              disabled={release.isPending}
              onClick={() => {
                release.mutate({ resource, operation });
              }}
            >
              {t("Release")}
            </button>
          ) : null}
        </div>
      ))}
      <Trouble of={release.error} />
    </Notice>
  );
}
