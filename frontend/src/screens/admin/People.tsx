import { useState } from "react";
import { Link } from "react-router";

import { useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { day } from "../../text/time";
import { Confirm, Window } from "../../ui/Confirm";
import { Input } from "../../ui/Input";
import { Empty, Notice, PageTitle, Section, Trouble } from "../../ui/parts";
import { ListTable } from "../../ui/Table";
import { RoleChoice } from "./RoleChoice";
import { rolesInWords } from "./roles";
import { Tokens } from "./Tokens";
import { Workspaces } from "./Workspaces";

interface Member {
  readonly id: string;
  readonly person: { readonly username: string; readonly name: string; readonly email: string };
  readonly roles: readonly string[];
  readonly created_at: string;
}

/** Who belongs to the workspace with which roles, and the tokens of programs. */
export function Component(): React.JSX.Element {
  const { may } = useSession();
  const list = useList<Member>("members");
  return (
    <>
      <PageTitle title={t("People")}>
        {may("delegation.view") ? (
          <Link className="button" to="/delegates">
            {t("Delegates")}
          </Link>
        ) : null}
      </PageTitle>
      <Section title={t("Members")}>
        <ListTable
          name={t("Members")}
          list={list}
          keyOf={(each) => each.id}
          columns={[
            { title: t("Name"), isHead: true, cell: (each) => each.person.name || each.person.username },
            { title: t("User name"), cell: (each) => each.person.username },
            { title: t("Roles"), cell: (each) => rolesInWords(each.roles) },
            { title: t("Since"), cell: (each) => day(each.created_at) },
            {
              title: t("What to do"),
              isQuiet: true,
              cell: (each) => (may("member.edit") ? <Change member={each} /> : null),
            },
          ]}
          empty={<Empty>{t("Nobody belongs to this workspace yet.")}</Empty>}
        />
        {may("member.edit") ? <Adding /> : null}
      </Section>
      <Tokens />
      {may("workspace.edit") ? <Workspaces /> : null}
    </>
  );
}

function Change({ member }: { member: Member }): React.JSX.Element {
  const { hub } = useSession();
  const [isOpen, setIsOpen] = useState(false);
  const [asks, setAsks] = useState(false);
  const [roles, setRoles] = useState<readonly string[]>(member.roles);
  const called = member.person.name || member.person.username;
  const save = useDoing(async () => {
    await hub.patch(`members/${member.id}`, { roles });
    setIsOpen(false);
  }, ["members"]);
  const remove = useDoing(() => hub.delete(`members/${member.id}`), ["members"]);
  return (
    <>
      <div className="row">
        <button
          type="button"
          className="small"
          aria-label={t("Change {name}", { name: called })}
          onClick={() => {
            setIsOpen(true);
          }}
        >
          {t("Change")}
        </button>
        <button
          type="button"
          className="small danger"
          aria-label={t("Remove {name}", { name: called })}
          onClick={() => {
            setAsks(true);
          }}
        >
          {t("Remove")}
        </button>
      </div>
      <Trouble of={remove.error} />
      {isOpen ? (
        <Window
          title={t("Roles of {name}", { name: called })}
          onClose={() => {
            setIsOpen(false);
          }}
        >
          <RoleChoice value={roles} onChange={setRoles} />
          <Trouble of={save.error} />
          <div>
            <button
              type="button"
              className="primary"
              disabled={save.isPending}
              onClick={() => {
                save.mutate(undefined);
              }}
            >
              {t("Save the roles")}
            </button>
          </div>
        </Window>
      ) : null}
      {asks ? (
        <Confirm
          title={t("Remove {name}?", { name: called })}
          says={t("They can do nothing more in this workspace. What they did stays in the trail.")}
          verb={t("Remove")}
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

const NOBODY = { username: "", name: "", password: "" };

function Adding(): React.JSX.Element {
  const { hub } = useSession();
  const [given, setGiven] = useState(NOBODY);
  const [roles, setRoles] = useState<readonly string[]>([]);
  const add = useDoing(async () => {
    if (given.password) await hub.post("people", given);
    const { person } = await hub.post<Member>("members", { username: given.username, roles });
    setGiven(NOBODY);
    setRoles([]);
    return person.name || person.username;
  }, ["members"]);
  const field = (name: keyof typeof NOBODY) => ({
    value: given[name],
    onChange: (to: string) => {
      setGiven({ ...given, [name]: to });
    },
  });
  return (
    <details className="card">
      <summary>
        <strong>{t("Add somebody")}</strong>
      </summary>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          add.mutate(undefined);
        }}
      >
        <Input title={t("User name")} isRequired {...field("username")} />
        <Input title={t("Name")} {...field("name")} />
        <Input
          title={t("Password")}
          type="password"
          autoComplete="new-password"
          help={t("Only for somebody who cannot sign in yet. At least 12 characters.")}
          {...field("password")}
        />
        <RoleChoice value={roles} onChange={setRoles} />
        <Trouble of={add.error} />
        {add.data ? (
          <Notice tone="good">{t("{name} now belongs to this workspace.", { name: add.data })}</Notice>
        ) : null}
        <div>
          <button className="primary" disabled={add.isPending || roles.length === 0}>
            {t("Add")}
          </button>
        </div>
      </form>
    </details>
  );
}
