import { useState } from "react";

import { useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import { inNumbers, t, tn } from "../../text";
import type { Text } from "../../text";
import { Input } from "../../ui/Input";
import { Empty, Notice, Section, Trouble, When } from "../../ui/parts";
import { ListTable } from "../../ui/Table";

interface Pack {
  readonly id: string;
  readonly title: string;
  readonly made_at: string;
  readonly made_by: string | null;
  readonly records: number;
  readonly gaps: readonly unknown[];
  readonly digest: string;
}

const CLASSES: readonly (readonly [string, Text])[] = [
  ["fact", "facts"],
  ["identity", "who people are"],
  ["organisation", "where people belong"],
  ["contact", "how people are reached"],
  ["text", "texts that may name people"],
];
const USUAL = ["fact", "identity", "organisation"];

/** Parts of the evidence, written out with what checks them. */
export function Packs(): React.JSX.Element {
  const { may } = useSession();
  const list = useList<Pack>("evidence/packs");
  return (
    <Section title={t("Packs")}>
      <ListTable
        name={t("Packs")}
        list={list}
        keyOf={(each) => each.id}
        columns={[
          { title: t("Title"), isHead: true, cell: (each) => each.title },
          { title: t("Records"), isNumber: true, cell: (each) => inNumbers(each.records) },
          { title: t("Gaps"), isNumber: true, cell: (each) => inNumbers(each.gaps.length) },
          {
            title: t("Made"),
            cell: (each) => (
              <>
                <When at={each.made_at} isFull /> {each.made_by ?? ""}
              </>
            ),
          },
          {
            title: t("What to do"),
            isQuiet: true,
            cell: (each) =>
              may("evidence.export") ? (
                <a
                  className="button small"
                  href={`/api/v1/evidence/packs/${each.id}/content`}
                  download
                  aria-label={t("Download {name}", { name: each.title })}
                >
                  {t("Download")}
                </a>
              ) : null,
          },
        ]}
        empty={<Empty>{t("No pack was made yet.")}</Empty>}
      />
      {may("evidence.export") ? <NewPack /> : null}
    </Section>
  );
}

function NewPack(): React.JSX.Element {
  const { hub } = useSession();
  const [title, setTitle] = useState("");
  const [chosen, setChosen] = useState<Readonly<Record<string, string>>>({});
  const [show, setShow] = useState<readonly string[]>(USUAL);
  const make = useDoing(() => {
    const given = Object.entries(chosen).filter(([, value]) => value.trim() !== "");
    const said = given.map(([name, value]) => [
      name,
      name === "since" || name === "until" ? new Date(value).toISOString() : value.trim(),
    ]);
    return hub.post<Pack>("evidence/packs", { title, chosen: Object.fromEntries(said) as object, show });
  }, ["evidence"]);
  const field = (
    name: string,
    words: string,
    type: "text" | "datetime-local" = "text",
  ): React.JSX.Element => (
    <Input
      title={words}
      type={type}
      value={chosen[name] ?? ""}
      onChange={(to) => {
        setChosen({ ...chosen, [name]: to });
      }}
    />
  );
  return (
    <details className="card">
      <summary>{t("Make a pack")}</summary>
      <form
        className="form wide"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate(undefined);
        }}
      >
        <Input title={t("Title")} value={title} onChange={setTitle} isRequired />
        {field("person", t("Person (user@partition)"))}
        {field("subject", t("Template, group or role"))}
        {field("job", t("Job"))}
        {field("domain", t("Domain"))}
        {field("since", t("From this time on"), "datetime-local")}
        {field("until", t("Before this time"), "datetime-local")}
        <fieldset>
          <legend>{t("What may be seen in it")}</legend>
          {CLASSES.map(([name, words]) => (
            <label key={name} className="choose">
              <input
                type="checkbox"
                checked={show.includes(name)}
                onChange={(event) => {
                  setShow(event.target.checked ? [...show, name] : show.filter((each) => each !== name));
                }}
              />{" "}
              {t(words)}
            </label>
          ))}
        </fieldset>
        <Trouble of={make.error} />
        {make.data ? (
          <Notice tone="good">
            {tn("The pack holds {n} record.", "The pack holds {n} records.", make.data.records)}
          </Notice>
        ) : null}
        <div>
          <button type="submit" className="primary" disabled={make.isPending || title.trim() === ""}>
            {make.isPending ? t("Making…") : t("Make the pack")}
          </button>
        </div>
      </form>
    </details>
  );
}
