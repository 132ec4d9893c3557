import { useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";

import { useAnswer, useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Connection, Connector } from "../../api/shapes";
import type { JsonObject } from "../../document/types";
import { PlainForm } from "../../forms/PlainForm";
import { t } from "../../text";
import { Input } from "../../ui/Input";
import { Empty, errorsOf, Loading, PageTitle, Trouble } from "../../ui/parts";

/** A new connection: signed in first, and saved only when that works, unless somebody wants otherwise. */
export function Component(): React.JSX.Element {
  const [asked] = useSearchParams();
  const name = asked.get("connector") ?? "";
  const { data, isLoading, error } = useAnswer<{ items: readonly Connector[] }>("connectors");
  const connector = data?.items.find((each) => each.name === name);
  const crumbs = [{ title: t("Connections"), to: "/connections" }];
  if (isLoading) return <Loading />;
  if (!connector) {
    return (
      <>
        <PageTitle title={t("New connection")} crumbs={crumbs} />
        <Trouble of={error} />
        <Empty action={<Link to="/connections">{t("Choose a service")}</Link>}>
          {name ? t("There is no such connector.") : t("Choose what it leads to.")}
        </Empty>
      </>
    );
  }
  return (
    <>
      <PageTitle title={t("New connection to {name}", { name: connector.manifest.name })} crumbs={crumbs} />
      <Form connector={connector} />
    </>
  );
}

function Form({ connector }: { connector: Connector }): React.JSX.Element {
  const { hub } = useSession();
  const go = useNavigate();
  const [name, setName] = useState("");
  const [settings, setSettings] = useState<JsonObject>({});
  const [isTested, setIsTested] = useState(true);
  const make = useDoing(async () => {
    const made = await hub.post<Connection>("connections", {
      name,
      connector: connector.name,
      settings,
      test: isTested,
    });
    await go(`/connections/${made.id}`);
  }, ["connections"]);
  const errors = errorsOf(make.error);
  return (
    <form
      className="form card"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate(undefined);
      }}
    >
      <Input
        title={t("Name")}
        value={name}
        onChange={setName}
        isRequired
        wrong={errors.filter((each) => each.pointer === "/name").map((each) => each.detail)}
      />
      <PlainForm
        schema={connector.settings_schema}
        value={settings}
        onChange={setSettings}
        place="/settings"
        wrong={errors}
      />
      <label className="toggle-line">
        <input
          type="checkbox"
          checked={isTested}
          onChange={(event) => {
            setIsTested(event.target.checked);
          }}
        />
        {t("Sign in first, and save only when that works")}
      </label>
      <Trouble of={make.error} />
      <div>
        <button className="primary" disabled={make.isPending}>
          {make.isPending ? t("Signing in…") : t("Save")}
        </button>
      </div>
    </form>
  );
}
