import { useState } from "react";

import { useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { Input } from "../../ui/Input";
import { Empty, Notice, Section, Trouble, When } from "../../ui/parts";
import { Select } from "../../ui/Select";
import { ListTable, takingAway } from "../../ui/Table";
import { RoleChoice } from "./RoleChoice";
import { rolesInWords } from "./roles";

interface Token {
  readonly id: string;
  readonly name: string;
  readonly ending: string;
  readonly owner: { readonly username: string };
  readonly roles: readonly string[];
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly last_used_at: string | null;
}

/** Tokens let programs use the API for a person. */
export function Tokens(): React.JSX.Element {
  const { hub } = useSession();
  const list = useList<Token>("tokens");
  const revoke = useDoing((id: string) => hub.delete(`tokens/${id}`), ["tokens"]);
  const shown = { ...list, items: list.items.filter((each) => each.revoked_at === null) };
  return (
    <Section title={t("Tokens")}>
      <p>
        {t("A token lets a program use the API for you:")} <code>Authorization: Bearer lgt_…</code>
      </p>
      <Trouble of={revoke.error} />
      <ListTable
        name={t("Tokens")}
        list={shown}
        keyOf={(each) => each.id}
        columns={[
          { title: t("Name"), isHead: true, cell: (each) => each.name },
          { title: t("Ends in"), cell: (each) => <code>{each.ending}</code> },
          { title: t("Owner"), cell: (each) => each.owner.username },
          { title: t("Roles"), cell: (each) => rolesInWords(each.roles) },
          {
            title: t("Works until"),
            cell: (each) => (each.expires_at ? <When at={each.expires_at} /> : t("it is revoked")),
          },
          { title: t("Last used"), cell: (each) => <When at={each.last_used_at} /> },
          takingAway<Token>({
            verb: t("Revoke"),
            spoken: (each) => t("Revoke {name}", { name: each.name }),
            onTake: (each) => {
              revoke.mutate(each.id);
            },
          }),
        ]}
        empty={<Empty>{t("No token.")}</Empty>}
      />
      <NewToken />
    </Section>
  );
}

function NewToken(): React.JSX.Element {
  const { hub, me } = useSession();
  const [name, setName] = useState("");
  const [days, setDays] = useState("30");
  const [roles, setRoles] = useState<readonly string[]>([]);
  const make = useDoing(async () => {
    const ends = days ? new Date(Date.now() + Number(days) * 86_400_000).toISOString() : null;
    const made = await hub.post<{ text: string }>("tokens", {
      name,
      expires_at: ends,
      ...(roles.length > 0 ? { roles } : {}),
    });
    setName("");
    return made.text;
  }, ["tokens"]);
  return (
    <details className="card">
      <summary>
        <strong>{t("Make a token")}</strong>
      </summary>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate(undefined);
        }}
      >
        <Input title={t("What uses it")} value={name} onChange={setName} isRequired />
        <RoleChoice value={roles} onChange={setRoles} among={me.roles} />
        <p className="help">{t("Without any: all of yours.")}</p>
        <Select
          title={t("Works for")}
          value={days}
          any={t("until it is revoked")}
          options={[
            ["30", t("30 days")],
            ["90", t("90 days")],
            ["365", t("a year")],
          ]}
          onChange={setDays}
        />
        <Trouble of={make.error} />
        {make.data ? (
          <Notice tone="good">
            <p>{t("Copy it now: it is not shown again.")}</p>
            <p>
              <code>{make.data}</code>
            </p>
          </Notice>
        ) : null}
        <div>
          <button className="primary" disabled={make.isPending}>
            {t("Make the token")}
          </button>
        </div>
      </form>
    </details>
  );
}
