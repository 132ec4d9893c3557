import { Link, useSearchParams } from "react-router";

import { useList, withQuery } from "../../api/asking";
import type { PlanLine } from "../../api/shapes";
import { inNumbers, said, t } from "../../text";
import { Empty, PageTitle, When } from "../../ui/parts";
import { ListTable } from "../../ui/Table";
import { PlanState } from "./PlanState";

const STATES = ["proposed", "approved", "applying", "applied", "refused", "rejected", "superseded"];

/** Every plan: what would be changed, and what became of it. */
export function Component(): React.JSX.Element {
  const [asked, ask] = useSearchParams();
  const state = asked.get("state") ?? "";
  const list = useList<PlanLine>(withQuery("plans", { state }));
  return (
    <>
      <PageTitle title={t("Plans")} />
      <div className="chips" role="group" aria-label={t("Which plans")}>
        {["", ...STATES].map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={state === each}
            onClick={() => {
              ask(each ? { state: each } : {}, { replace: true });
            }}
          >
            {each ? said(each) : t("all")}
          </button>
        ))}
      </div>
      <ListTable
        name={t("Plans")}
        list={list}
        keyOf={(plan) => plan.id}
        columns={[
          { title: t("State"), cell: (plan) => <PlanState of={plan} /> },
          {
            title: t("Plan"),
            isHead: true,
            cell: (plan) => <Link to={`/plans/${plan.id}`}>{plan.title}</Link>,
          },
          {
            title: t("Changes"),
            isNumber: true,
            cell: (plan) => inNumbers(Object.values(plan.counts).reduce((sum, each) => sum + each, 0)),
          },
          { title: t("Made"), cell: (plan) => <When at={plan.created_at} /> },
          { title: t("Applied"), cell: (plan) => <When at={plan.applied_at} /> },
        ]}
        empty={
          <Empty action={<Link to="/templates">{t("Go to the templates")}</Link>}>
            {state
              ? t("No plan is in this state.")
              : t(
                  "No plan yet. Simulate an installed template: it shows what would change, and writes nothing.",
                )}
          </Empty>
        }
      />
    </>
  );
}
