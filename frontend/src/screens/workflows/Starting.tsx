import { useNavigate } from "react-router";

import type { Workflow } from "../../api/shapes";
import { StartForm } from "../../runs/StartForm";
import { t } from "../../text";

/** Start a run by hand, behind a fold. */
export function Starting({ workflow }: { workflow: Workflow }): React.JSX.Element {
  const go = useNavigate();
  const number = workflow.published?.number ?? 0;
  return (
    <details className="card">
      <summary>
        <strong>{t("Start a run of version {n}", { n: number })}</strong>
      </summary>
      <StartForm slug={workflow.slug} number={number} onStarted={(run) => go(`/runs/${run}`)} />
    </details>
  );
}
