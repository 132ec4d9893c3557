import { useState } from "react";

import { useDoing, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { Confirm } from "../../ui/Confirm";
import { Input } from "../../ui/Input";
import { Empty, errorsOf, PageTitle, Trouble, When } from "../../ui/parts";
import { ListTable, takingAway } from "../../ui/Table";

interface Rule {
  readonly id: string;
  readonly target: string;
  readonly note: string;
  readonly created_at: string;
  readonly created_by: string | null;
}

/** Private hosts that connections of this workspace may talk to. Without a rule they are refused. */
export function Component(): React.JSX.Element {
  const { hub, may } = useSession();
  const list = useList<Rule>("egress-rules");
  const [removed, setRemoved] = useState<Rule | null>(null);
  const remove = useDoing((id: string) => hub.delete(`egress-rules/${id}`), ["egress-rules"]);
  return (
    <>
      <PageTitle title={t("Private hosts")} crumbs={[{ title: t("Connections"), to: "/connections" }]} />
      <p>
        {t(
          "Requests to private addresses leave the hub only where a rule allows it. Public hosts are those that each connector names.",
        )}
      </p>
      <Trouble of={remove.error} />
      <ListTable
        name={t("Private hosts")}
        list={list}
        keyOf={(each) => each.id}
        columns={[
          { title: t("Host"), isHead: true, cell: (each) => <code>{each.target}</code> },
          { title: t("Why it is allowed"), cell: (each) => each.note },
          { title: t("Allowed by"), cell: (each) => each.created_by ?? "–" },
          { title: t("Since"), cell: (each) => <When at={each.created_at} /> },
          takingAway<Rule>({
            verb: t("Remove…"),
            spoken: (each) => t("Allow {host} no more", { host: each.target }),
            isAllowed: may("egress.edit"),
            onTake: setRemoved,
          }),
        ]}
        empty={<Empty>{t("No private host is allowed.")}</Empty>}
      />
      {may("egress.edit") ? <Add /> : null}
      {removed ? (
        <Confirm
          title={t("Allow {host} no more", { host: removed.target })}
          says={t("Connections that need it fail from now on, until it is allowed again.")}
          verb={t("Remove the rule")}
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
  const [target, setTarget] = useState("");
  const [note, setNote] = useState("");
  const add = useDoing(async () => {
    await hub.post("egress-rules", { target: target.trim(), note: note.trim() });
    setTarget("");
    setNote("");
  }, ["egress-rules"]);
  const wrong = (name: string): readonly string[] =>
    errorsOf(add.error)
      .filter((each) => each.pointer === `/${name}`)
      .map((each) => each.detail);
  return (
    <form
      className="card form"
      aria-label={t("Allow a host")}
      onSubmit={(event) => {
        event.preventDefault();
        add.mutate(undefined);
      }}
    >
      <h2>{t("Allow a host")}</h2>
      <Input
        title={t("Host")}
        help={t("A name, name:port, an address, or a range such as 10.1.0.0/16.")}
        value={target}
        onChange={setTarget}
        wrong={wrong("target")}
        isRequired
      />
      <Input
        title={t("Why it is allowed")}
        value={note}
        onChange={setNote}
        wrong={wrong("note")}
        isRequired
      />
      {add.error && errorsOf(add.error).length === 0 ? <Trouble of={add.error} /> : null}
      <div>
        <button type="submit" className="primary" disabled={add.isPending}>
          {t("Allow it")}
        </button>
      </div>
    </form>
  );
}
