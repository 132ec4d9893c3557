import { useState } from "react";

import { useAnswer, useDoing, useList, withQuery } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Connection, Page } from "../../api/shapes";
import { t } from "../../text";
import { Input } from "../../ui/Input";
import { Empty, PageTitle, State, Trouble } from "../../ui/parts";
import { Search, Select } from "../../ui/Select";
import { ListTable } from "../../ui/Table";
import { day } from "../../text/time";

interface Owner {
  readonly id: string;
  readonly exstream: string;
  readonly domain: string;
  readonly resource: string;
  readonly name: string;
  readonly owner: string;
  readonly review_on: string | null;
}

/** Who answers for which template of Exstream, and until when it is reviewed. */
export function Component(): React.JSX.Element {
  const { may } = useSession();
  const [domain, setDomain] = useState("");
  const [owner, setOwner] = useState("");
  const [changed, setChanged] = useState<Owner | null>(null);
  const list = useList<Owner>(withQuery("owners", { domain: domain.trim(), owner: owner.trim() }));
  return (
    <>
      <PageTitle title={t("Owners of templates")} />
      <div className="filters" role="search" aria-label={t("Which owners")}>
        <Search title={t("Domain")} value={domain} onChange={setDomain} />
        <Search title={t("Owner (user@partition)")} value={owner} onChange={setOwner} />
      </div>
      <ListTable
        name={t("Owners of templates")}
        list={list}
        keyOf={(each) => each.id}
        columns={[
          { title: t("Template"), isHead: true, cell: (each) => each.name || each.resource },
          { title: t("Domain"), cell: (each) => each.domain },
          { title: t("Connection"), cell: (each) => each.exstream },
          { title: t("Owner"), cell: (each) => each.owner || "–" },
          { title: t("Review by"), cell: (each) => <Review on={each.review_on} /> },
          {
            title: t("What to do"),
            isQuiet: true,
            cell: (each) =>
              may("owner.edit") ? (
                <button
                  type="button"
                  className="small"
                  aria-label={t("Change the owner of {name}", { name: each.name || each.resource })}
                  onClick={() => {
                    setChanged(each);
                  }}
                >
                  {t("Change")}
                </button>
              ) : null,
          },
        ]}
        empty={<Empty>{t("Nobody owns a template here. An owner reviews it in time, and is told.")}</Empty>}
      />
      {may("owner.edit") ? (
        <Change
          key={changed?.id ?? "new"}
          of={changed}
          onDone={() => {
            setChanged(null);
          }}
        />
      ) : null}
    </>
  );
}

function Review({ on }: { on: string | null }): React.JSX.Element {
  if (!on) return <span className="muted">–</span>;
  const isLate = on < new Date().toISOString().slice(0, 10);
  return (
    <>
      {day(on)} {isLate ? <State of="waiting" words={t("late")} /> : null}
    </>
  );
}

function Change({ of, onDone }: { of: Owner | null; onDone: () => void }): React.JSX.Element {
  const { hub } = useSession();
  const connections = useAnswer<Page<Connection>>("connections?connector=exstream&limit=200");
  const [exstream, setExstream] = useState(of?.exstream ?? "");
  const [domain, setDomain] = useState(of?.domain ?? "");
  const [resource, setResource] = useState(of?.resource ?? "");
  const [name, setName] = useState(of?.name ?? "");
  const [owner, setOwner] = useState(of?.owner ?? "");
  const [reviewOn, setReviewOn] = useState(of?.review_on ?? "");
  const save = useDoing(async () => {
    await hub.put("owners", { exstream, domain, resource, name, owner, review_on: reviewOn || null });
    onDone();
  }, ["owners"]);
  return (
    <details className="card" open={of !== null}>
      <summary>{of ? t("Change the owner") : t("Name an owner")}</summary>
      <form
        className="form wide"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        <Select
          title={t("Connection to Exstream")}
          any={t("choose one")}
          value={exstream}
          options={(connections.data?.items ?? []).map((each) => [each.slug, each.name])}
          onChange={setExstream}
        />
        <Input title={t("Domain")} value={domain} onChange={setDomain} isRequired />
        <Input title={t("Id of the template")} value={resource} onChange={setResource} isRequired />
        <Input title={t("Name")} value={name} onChange={setName} />
        <Input
          title={t("Owner (user@partition)")}
          value={owner}
          onChange={setOwner}
          help={t("Empty: nobody owns it any more.")}
        />
        <Input title={t("Review by")} type="date" value={reviewOn} onChange={setReviewOn} />
        <Trouble of={save.error} />
        <div className="row">
          <button type="submit" className="primary" disabled={save.isPending || exstream === ""}>
            {t("Save")}
          </button>
          {of ? (
            <button type="button" onClick={onDone}>
              {t("Leave it as it is")}
            </button>
          ) : null}
        </div>
      </form>
    </details>
  );
}
