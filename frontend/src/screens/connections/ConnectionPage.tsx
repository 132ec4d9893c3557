import { useMemo, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";

import { useAnswer, useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Connection, Connector, Schema } from "../../api/shapes";
import type { JsonObject } from "../../document/types";
import { fieldsIn } from "../../forms/schema";
import { PlainForm } from "../../forms/PlainForm";
import { t } from "../../text";
import { Confirm } from "../../ui/Confirm";
import { Input } from "../../ui/Input";
import { errorsOf, Facts, Loading, Notice, PageTitle, Section, State, Trouble, When } from "../../ui/parts";
import { Stop } from "../../ui/Stop";
import { DirectoryCheck } from "./DirectoryCheck";
import type { User } from "./words";
import { healthWords, pageOfUser, userInWords } from "./words";

/** One connection: whether it works, who it signs in as, what uses it, and changing it. */
export function Component(): React.JSX.Element {
  const { id = "" } = useParams();
  const { may } = useSession();
  const { data: held, error, isLoading } = useAnswer<Connection>(`connections/${id}`);
  const connectors = useAnswer<{ items: readonly Connector[] }>("connectors");
  const crumbs = [{ title: t("Connections"), to: "/connections" }];
  if (isLoading || connectors.isLoading) return <Loading />;
  if (!held) {
    return (
      <>
        <PageTitle title={t("Connection")} crumbs={crumbs} />
        <Trouble of={error} />
      </>
    );
  }
  const connector = connectors.data?.items.find((each) => each.name === held.connector);
  return (
    <>
      <PageTitle
        title={held.name}
        crumbs={crumbs}
        badge={<State of={held.health.state} words={healthWords(held.health.state)} />}
      >
        <Verbs held={held} />
      </PageTitle>
      {held.health.state === "failing" ? (
        <Notice tone="bad">
          <p>
            {held.health.message} {held.health.field ? <code>{held.health.field}</code> : null}
          </p>
        </Notice>
      ) : null}
      <Facts
        of={[
          [t("Service"), connector?.manifest.name ?? held.connector],
          [t("Short name"), held.slug],
          [t("Talks to"), held.hosts.join(", ") || "–"],
          [t("Last tested"), <When key="tested" at={held.health.tested_at} isFull />],
          held.identity ? [t("Signed in as"), held.identity.name] : null,
          held.identity?.tenant ? [t("Tenant"), held.identity.tenant] : null,
          held.identity?.rights.length ? [t("Rights"), held.identity.rights.join(", ")] : null,
          [t("Changed"), <When key="changed" at={held.updated_at} isFull />],
        ]}
      />
      {held.identity?.notes.map((each) => (
        <Notice key={each}>{each}</Notice>
      ))}
      {connector ? <Settings schema={connector.settings_schema} held={held} /> : null}
      {connector?.actions.some((each) => each.name.endsWith(".check_directory")) && may("connection.test") ? (
        <DirectoryCheck id={id} />
      ) : null}
      <Uses id={id} />
      {connector ? <Change key={held.revision} held={held} connector={connector} /> : null}
    </>
  );
}

function Verbs({ held }: { held: Connection }): React.JSX.Element {
  const { hub, may } = useSession();
  const go = useNavigate();
  const [asks, setAsks] = useState(false);
  const test = useDoing(() => hub.post(`connections/${held.id}/test`, {}), ["connections"]);
  const remove = useDoing(async () => {
    await hub.delete(`connections/${held.id}`);
    await go("/connections");
  }, ["connections"]);
  return (
    <>
      {may("connection.test") ? (
        <button
          type="button"
          className="primary"
          disabled={test.isPending}
          onClick={() => {
            test.mutate(undefined);
          }}
        >
          {test.isPending ? t("Testing…") : t("Test now")}
        </button>
      ) : null}
      <Stop of={{ connection: held.slug }} title={t("Stop the connection…")} />
      {may("connection.edit") ? (
        <button
          type="button"
          className="danger"
          onClick={() => {
            setAsks(true);
          }}
        >
          {t("Remove…")}
        </button>
      ) : null}
      <Trouble of={test.error ?? remove.error} />
      {asks ? (
        <Confirm
          title={t("Remove this connection?")}
          says={t("Its secrets are removed with it. It cannot be removed while a workflow uses it.")}
          verb={t("Remove this connection")}
          onYes={() => {
            remove.mutate(undefined);
          }}
          onClose={() => {
            setAsks(false);
          }}
        />
      ) : null}
    </>
  );
}

/** The settings in words. Of a secret only that it has one. */
function Settings({ schema, held }: { schema: Schema; held: Connection }): React.JSX.Element | null {
  const shown = fieldsIn(schema, schema).flatMap((field): [string, string][] => {
    if (held.secrets_set.includes(field.name)) return [[field.title, t("has a value")]];
    const value = held.settings[field.name];
    if (value === undefined || value === null || value === "") return [];
    if (typeof value === "boolean") return [[field.title, value ? t("yes") : t("no")]];
    return [[field.title, typeof value === "string" ? value : JSON.stringify(value)]];
  });
  if (shown.length === 0) return null;
  return (
    <Section title={t("Settings")}>
      <Facts of={shown} />
    </Section>
  );
}

function Uses({ id }: { id: string }): React.JSX.Element {
  const { data } = useAnswer<{ items: readonly User[] }>(`connections/${id}/uses`);
  const items = data?.items ?? [];
  return (
    <Section title={t("Used by")}>
      {items.length === 0 ? (
        <p className="muted">{t("Nothing uses it.")}</p>
      ) : (
        <ul className="plain card">
          {items.map((each) => (
            <li className="line" key={each.type + each.id}>
              <span className="muted">{userInWords(each)}</span>{" "}
              <Link to={pageOfUser(each)}>{each.name}</Link>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

/** What was emptied is named with null: what is not named stays as it is. */
function changed(before: JsonObject, now: JsonObject): JsonObject {
  const emptied = Object.keys(before).filter((name) => !(name in now));
  return { ...now, ...Object.fromEntries(emptied.map((name) => [name, null])) };
}

function Change({ held, connector }: { held: Connection; connector: Connector }): React.JSX.Element | null {
  const { hub, may } = useSession();
  const [name, setName] = useState(held.name);
  const [settings, setSettings] = useState<JsonObject>(held.settings);
  const save = useDoing(
    () =>
      hub.patch(`connections/${held.id}`, {
        revision: held.revision,
        name,
        settings: changed(held.settings, settings),
      }),
    ["connections"],
  );
  const errors = useMemo(() => errorsOf(save.error), [save.error]);
  if (!may("connection.edit")) return null;
  return (
    <details className="card">
      <summary>
        <strong>{t("Change the settings")}</strong>
      </summary>
      <form
        className="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
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
          secretsSet={held.secrets_set}
        />
        <Trouble of={save.error} />
        <div>
          <button className="primary" disabled={save.isPending}>
            {t("Save the changes")}
          </button>
        </div>
      </form>
    </details>
  );
}
