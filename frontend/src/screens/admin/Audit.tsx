import { useState } from "react";
import { useSearchParams } from "react-router";

import { useDoing, useList, withQuery } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Json } from "../../document/types";
import { inNumbers, t } from "../../text";
import type { Text } from "../../text";
import { Input } from "../../ui/Input";
import { JsonView } from "../../ui/Json";
import { Empty, Notice, PageTitle, Trouble, When } from "../../ui/parts";
import { Select } from "../../ui/Select";
import { ListTable } from "../../ui/Table";
import { verbInWords } from "./verbs";

interface Entry {
  readonly id: string;
  readonly number: number;
  readonly at: string;
  readonly actor: { readonly kind: string; readonly name: string };
  readonly verb: string;
  readonly target: { readonly type: string; readonly id: string; readonly name: string };
  readonly detail: { readonly [name: string]: Json };
}

interface Verdict {
  readonly whole: boolean;
  readonly count: number;
  readonly head: string;
  readonly breaks: readonly string[];
}

const GROUPS: readonly (readonly [string, Text])[] = [
  ["connection.", "Connections"],
  ["egress.", "Private hosts"],
  ["member.", "Members"],
  ["token.", "Tokens"],
  ["session.", "Sessions"],
  ["workflow.", "Workflows"],
  ["run.", "Runs"],
  ["plan.", "Plans"],
  ["approval.", "Approvals"],
  ["halt.", "Halts"],
  ["template.", "Templates"],
  ["trigger.", "Triggers"],
  ["delegation.", "Delegates"],
  ["evidence.", "Evidence"],
  ["retention.", "Retention"],
];

/** Who did what, and whether the trail is whole. */
export function Component(): React.JSX.Element {
  const [asked, ask] = useSearchParams();
  const value = (name: string): string => asked.get(name) ?? "";
  const set = (name: string, to: string): void => {
    ask(
      (held) => {
        if (to) held.set(name, to);
        else held.delete(name);
        return held;
      },
      { replace: true },
    );
  };
  const people = useList<{ readonly person: { readonly id: string; readonly username: string } }>(
    "members?limit=200",
  ).items;
  const list = useList<Entry>(
    withQuery("audit", {
      verb: value("verb"),
      by: value("by"),
      since: beginningOf(value("since")),
      until: beginningOf(value("until"), 1),
    }),
  );
  return (
    <>
      <PageTitle title={t("Audit trail")} />
      <Checking />
      <div className="filters" role="search" aria-label={t("Which lines")}>
        <Select
          title={t("What")}
          value={value("verb")}
          options={GROUPS.map(([each, words]) => [each, t(words)])}
          onChange={(to) => {
            set("verb", to);
          }}
        />
        <Select
          title={t("Who")}
          value={value("by")}
          options={people.map(({ person }) => [person.id, person.username])}
          onChange={(to) => {
            set("by", to);
          }}
        />
        <Input
          title={t("From")}
          type="date"
          value={value("since")}
          onChange={(to) => {
            set("since", to);
          }}
        />
        <Input
          title={t("To")}
          type="date"
          value={value("until")}
          onChange={(to) => {
            set("until", to);
          }}
        />
      </div>
      <ListTable
        name={t("Audit trail")}
        list={list}
        keyOf={(each) => each.id}
        columns={[
          { title: t("No."), cell: (each) => inNumbers(each.number), isNumber: true },
          { title: t("When"), cell: (each) => <When at={each.at} isFull /> },
          { title: t("Who"), cell: (each) => each.actor.name },
          { title: t("What"), isHead: true, cell: (each) => verbInWords(each.verb) },
          { title: t("To which"), cell: (each) => each.target.name || each.target.id },
          {
            title: t("Detail"),
            cell: (each) =>
              Object.keys(each.detail).length > 0 ? (
                <details>
                  <summary>{t("Show")}</summary>
                  <JsonView title={t("Detail")} value={each.detail} />
                </details>
              ) : null,
          },
        ]}
        empty={<Empty>{t("No line is like this.")}</Empty>}
      />
    </>
  );
}

function Checking(): React.JSX.Element {
  const { hub } = useSession();
  const [noted, setNoted] = useState("");
  const check = useDoing(() => hub.post<Verdict>("audit/verify", { noted }), []);
  const verdict = check.data;
  return (
    <form
      className="filters"
      onSubmit={(event) => {
        event.preventDefault();
        check.mutate(undefined);
      }}
    >
      <Input title={t("A head that was noted earlier")} value={noted} onChange={setNoted} />
      <button disabled={check.isPending}>{check.isPending ? t("Checking…") : t("Check the chain")}</button>
      <Trouble of={check.error} />
      {verdict ? (
        <Notice tone={verdict.whole ? "good" : "bad"}>
          <p>
            {verdict.whole ? t("The trail is whole.") : t("The trail is not what was written.")}{" "}
            {t("{n} lines.", { n: inNumbers(verdict.count) })}
          </p>
          {verdict.breaks.map((each) => (
            <p key={each}>{each}</p>
          ))}
          <p>
            {t("Its head, to be noted elsewhere:")} <code>{verdict.head}</code>
          </p>
        </Notice>
      ) : null}
    </form>
  );
}

/** The beginning of a day in UTC, so many days later. */
function beginningOf(text: string, later = 0): string {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(at) ? "" : new Date(at + later * 86_400_000).toISOString();
}
