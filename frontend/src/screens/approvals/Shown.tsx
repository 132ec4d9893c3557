import { Link } from "react-router";

import type { Json } from "../../document/types";
import { t } from "../../text";
import { When } from "../../ui/parts";
import type { Approval } from "./shapes";

/** What exactly is asked, by whom, and until when. */
export function Shown({ of }: { of: Approval }): React.JSX.Element {
  return (
    <dl className="asked">
      {of.shown.map((line, at) => (
        <div key={`${line.label}${String(at)}`}>
          <dt>{line.label}</dt>
          <dd>{inText(line.value)}</dd>
        </div>
      ))}
      {of.requester_name ? (
        <div>
          <dt>{t("Asked by")}</dt>
          <dd>{of.requester_name}</dd>
        </div>
      ) : null}
      <div>
        <dt>{t("Asked")}</dt>
        <dd>
          <When at={of.asked_at} />
        </dd>
      </div>
      {of.deadline_at ? (
        <div>
          <dt>{t("Decide before")}</dt>
          <dd>
            <When at={of.deadline_at} isFull />
          </dd>
        </div>
      ) : null}
      {of.plan ? (
        <div>
          <dt>{t("What would change")}</dt>
          <dd>
            <Link to={`/plans/${of.plan}`}>{t("every change of the plan")}</Link>
          </dd>
        </div>
      ) : null}
      {of.run ? (
        <div>
          <dt>{t("For")}</dt>
          <dd>
            <Link to={`/runs/${of.run}`}>{t("a run")}</Link>
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

function inText(value: Json): string {
  if (typeof value === "string") return value;
  return value === null ? "–" : JSON.stringify(value, null, 2);
}
