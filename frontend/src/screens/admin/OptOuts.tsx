import { useState } from "react";

import { useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { Input } from "../../ui/Input";
import { Empty, PageTitle, Trouble, When } from "../../ui/parts";
import { ListTable } from "../../ui/Table";

interface OptOut {
  readonly id: string;
  readonly person: string;
  readonly kind: string;
  readonly made_by: string | null;
  readonly made_at: string;
}

/** Who wants no notices of a kind, or none at all. What somebody has to be told reaches them all the same. */
export function Component(): React.JSX.Element {
  const { hub, may } = useSession();
  const list = useList<OptOut>("opt-outs");
  const [person, setPerson] = useState("");
  const [kind, setKind] = useState("");
  const remove = useDoing((id: string) => hub.delete(`opt-outs/${id}`), ["opt-outs"]);
  const add = useDoing(async () => {
    await hub.post("opt-outs", { person: person.trim(), kind: kind.trim() });
    setPerson("");
    setKind("");
  }, ["opt-outs"]);
  return (
    <>
      <PageTitle title={t("Opt-outs of notices")} crumbs={[{ title: t("Deliveries"), to: "/deliveries" }]} />
      <Trouble of={remove.error} />
      <ListTable
        name={t("Opt-outs of notices")}
        list={list}
        keyOf={(each) => each.id}
        columns={[
          { title: t("Person"), isHead: true, cell: (each) => each.person },
          { title: t("Wants none of"), cell: (each) => each.kind || t("all kinds") },
          { title: t("Noted by"), cell: (each) => each.made_by ?? t("themselves") },
          { title: t("Since"), cell: (each) => <When at={each.made_at} /> },
          {
            title: t("What to do"),
            isQuiet: true,
            cell: (each) =>
              may("notice.settle") ? (
                <button
                  type="button"
                  className="small"
                  aria-label={t("Tell {person} again", { person: each.person })}
                  onClick={() => {
                    remove.mutate(each.id);
                  }}
                >
                  {t("Tell them again")}
                </button>
              ) : null,
          },
        ]}
        empty={<Empty>{t("Everybody wants all notices.")}</Empty>}
      />
      {may("notice.settle") ? (
        <form
          className="card form"
          aria-label={t("Note an opt-out")}
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate(undefined);
          }}
        >
          <h2>{t("Note an opt-out")}</h2>
          <Input title={t("Person or address")} value={person} onChange={setPerson} isRequired />
          <Input
            title={t("Kind of notices")}
            help={t("Such as ended-jobs; empty: none at all.")}
            value={kind}
            onChange={setKind}
          />
          <Trouble of={add.error} />
          <div>
            <button type="submit" className="primary" disabled={add.isPending}>
              {t("Note it")}
            </button>
          </div>
        </form>
      ) : null}
    </>
  );
}
