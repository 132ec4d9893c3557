import { Link } from "react-router";

import { useAnswer, useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Connection, Connector } from "../../api/shapes";
import { t } from "../../text";
import { Empty, PageTitle, State, Trouble, When } from "../../ui/parts";
import { Stop } from "../../ui/Stop";
import { ListTable } from "../../ui/Table";
import { Catalogue } from "./Catalogue";
import { healthWords } from "./words";

/** Saved sign-ins with their health, and the services that there are connectors for. */
export function Component(): React.JSX.Element {
  const { hub, may } = useSession();
  const list = useList<Connection>("connections");
  const connectors = useAnswer<{ items: readonly Connector[] }>("connectors");
  const names = new Map((connectors.data?.items ?? []).map((each) => [each.name, each.manifest.name]));
  const test = useDoing((id: string) => hub.post(`connections/${id}/test`, {}), ["connections"]);
  return (
    <>
      <PageTitle title={t("Connections")}>
        {may("egress.view") ? (
          <Link className="button" to="/private-hosts">
            {t("Private hosts")}
          </Link>
        ) : null}
        <Stop of={{}} title={t("Stop everything…")} />
      </PageTitle>
      <Trouble of={test.error} />
      <ListTable
        name={t("Connections")}
        list={list}
        keyOf={(each) => each.id}
        columns={[
          {
            title: t("Name"),
            isHead: true,
            cell: (each) => <Link to={`/connections/${each.id}`}>{each.name}</Link>,
          },
          { title: t("Service"), cell: (each) => names.get(each.connector) ?? each.connector },
          {
            title: t("State"),
            cell: (each) => (
              <>
                <State of={each.health.state} words={healthWords(each.health.state)} />
                {each.health.state === "failing" ? (
                  <small className="described">{each.health.message}</small>
                ) : null}
              </>
            ),
          },
          { title: t("Signed in as"), cell: (each) => each.identity?.name ?? "–" },
          { title: t("Last tested"), cell: (each) => <When at={each.health.tested_at} /> },
          {
            title: t("What to do"),
            isQuiet: true,
            cell: (each) =>
              may("connection.test") ? (
                <button
                  type="button"
                  className="small"
                  disabled={test.isPending && test.variables === each.id}
                  aria-label={t("Test {name}", { name: each.name })}
                  onClick={() => {
                    test.mutate(each.id);
                  }}
                >
                  {test.isPending && test.variables === each.id ? t("Testing…") : t("Test")}
                </button>
              ) : null,
          },
        ]}
        empty={
          <Empty>
            {t(
              "No connection yet. A connection is a saved sign-in to an outside service: choose the service below.",
            )}
          </Empty>
        }
      />
      <Catalogue connectors={connectors.data?.items ?? []} trouble={connectors.error} />
    </>
  );
}
