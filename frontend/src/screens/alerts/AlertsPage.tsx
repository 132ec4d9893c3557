import { Link } from "react-router";

import { useList } from "../../api/asking";
import { t } from "../../text";
import { Empty, PageTitle, State, When } from "../../ui/parts";
import { ListTable } from "../../ui/Table";
import { KINDS, wrongOf } from "./rules";
import type { AlertRule } from "./rules";

/** What is not well in the workspace, as the workflows' alert rules say it. */
export function Component(): React.JSX.Element {
  const list = useList<AlertRule>("alerts");
  return (
    <>
      <PageTitle title={t("Alerts")} />
      <p>{t("What a workflow's alert rules find is told once, and once more when it is over.")}</p>
      <ListTable
        name={t("Alerts")}
        list={list}
        keyOf={(each) => each.id}
        columns={[
          { title: t("What"), cell: (each) => <State of="failing" words={t(KINDS[each.kind].title)} /> },
          {
            title: t("Workflow"),
            isHead: true,
            cell: (each) => <Link to={`/workflows/${each.workflow}`}>{each.workflow_name}</Link>,
          },
          { title: t("What is wrong"), cell: wrongOf },
          { title: t("Since"), cell: (each) => (each.began_at ? <When at={each.began_at} /> : "–") },
          {
            title: t("Who is told"),
            cell: (each) => (each.mail && each.to.length > 0 ? each.to.join(", ") : t("nobody")),
          },
        ]}
        empty={
          <Empty action={<Link to="/workflows">{t("Go to the workflows")}</Link>}>
            {t("All is well. On the page of a workflow you say what is watched, and who is told.")}
          </Empty>
        }
      />
    </>
  );
}
