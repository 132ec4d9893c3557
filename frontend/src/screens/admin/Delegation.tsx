import { useState } from "react";

import { useAnswer, useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Connection, Page } from "../../api/shapes";
import { t } from "../../text";
import { Confirm } from "../../ui/Confirm";
import { Input } from "../../ui/Input";
import { Empty, PageTitle, Section, Trouble } from "../../ui/parts";
import { Select } from "../../ui/Select";
import { ListTable, takingAway } from "../../ui/Table";
import { ReachOf } from "./ReachOf";

interface Scope {
  readonly id: string;
  readonly name: string;
  readonly directory: string;
  readonly service: string;
  readonly condition: string;
  readonly group_pattern: string;
  readonly domains: readonly string[];
  readonly acts: readonly string[];
}

/** Who administers which domains through the hub: scopes, and what one delegate reaches now. */
export function Component(): React.JSX.Element {
  const { hub, may } = useSession();
  const list = useList<Scope>("delegation-scopes");
  const [removed, setRemoved] = useState<Scope | null>(null);
  const remove = useDoing((id: string) => hub.delete(`delegation-scopes/${id}`), ["delegation-scopes"]);
  return (
    <>
      <PageTitle title={t("Delegates")} crumbs={[{ title: t("People"), to: "/people" }]} />
      <p>
        {t(
          "A scope gives everybody who fits its condition and is in its group some domains, and what may be done there. People with the role delegate see nothing else.",
        )}
      </p>
      <Section title={t("Scopes")}>
        <Trouble of={remove.error} />
        <ListTable
          name={t("Scopes")}
          list={list}
          keyOf={(each) => each.id}
          columns={[
            { title: t("Name"), isHead: true, cell: (each) => each.name },
            {
              title: t("Who"),
              cell: (each) =>
                [each.condition, each.group_pattern].filter(Boolean).join(", ") ||
                t("everybody in {directory}", { directory: each.directory }),
            },
            { title: t("Domains"), cell: (each) => each.domains.join(", ") },
            { title: t("May do"), cell: (each) => each.acts.join(", ") || t("all") },
            { title: t("Connection"), cell: (each) => each.service },
            takingAway<Scope>({
              verb: t("Remove…"),
              spoken: (each) => t("Remove the scope {name}", { name: each.name }),
              isAllowed: may("delegation.edit"),
              onTake: setRemoved,
            }),
          ]}
          empty={<Empty>{t("No scope yet, so delegates reach nothing.")}</Empty>}
        />
        {may("delegation.edit") ? <Add /> : null}
      </Section>
      <ReachOf />
      {removed ? (
        <Confirm
          title={t("Remove the scope {name}", { name: removed.name })}
          says={t("Whoever reaches these domains only by it loses them at once.")}
          verb={t("Remove the scope")}
          onYes={() => {
            remove.mutate(removed.id);
          }}
          onClose={() => {
            setRemoved(null);
          }}
        />
      ) : null}
    </>
  );
}

function Add(): React.JSX.Element {
  const { hub } = useSession();
  const connections = useAnswer<Page<Connection>>("connections?limit=200");
  const [name, setName] = useState("");
  const [directory, setDirectory] = useState("");
  const [service, setService] = useState("");
  const [condition, setCondition] = useState("");
  const [group, setGroup] = useState("");
  const [domains, setDomains] = useState("");
  const add = useDoing(async () => {
    await hub.post("delegation-scopes", {
      name: name.trim(),
      directory,
      service,
      condition: condition.trim(),
      group_pattern: group.trim(),
      domains: domains
        .split(",")
        .map((each) => each.trim())
        .filter(Boolean),
    });
    setName("");
    setDomains("");
  }, ["delegation-scopes"]);
  const among = (wanted: (each: Connection) => boolean): readonly (readonly [string, string])[] =>
    (connections.data?.items ?? []).filter(wanted).map((each) => [each.slug, each.name] as const);
  return (
    <details className="card">
      <summary>{t("Make a scope")}</summary>
      <form
        className="form wide"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(undefined);
        }}
      >
        <Input title={t("Name")} value={name} onChange={setName} isRequired />
        <Select
          title={t("Directory")}
          any={t("choose one")}
          value={directory}
          options={among((each) => each.connector !== "exstream")}
          onChange={setDirectory}
        />
        <Select
          title={t("Connection to Exstream")}
          any={t("choose one")}
          value={service}
          options={among((each) => each.connector === "exstream")}
          onChange={setService}
        />
        <Input
          title={t("Condition")}
          help={t('Such as department = "IT"; empty: anybody.')}
          value={condition}
          onChange={setCondition}
        />
        <Input
          title={t("Group")}
          help={t("Such as admins.{region}@Northwind.")}
          value={group}
          onChange={setGroup}
        />
        <Input
          title={t("Domains")}
          help={t(
            "Names with commas between them; * stands for anything, {region} for what the group names.",
          )}
          value={domains}
          onChange={setDomains}
          isRequired
        />
        <Trouble of={add.error} />
        <div>
          <button type="submit" className="primary" disabled={add.isPending || !directory || !service}>
            {t("Make the scope")}
          </button>
        </div>
      </form>
    </details>
  );
}
