import { useDeferredValue, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";

import { useAnswer, useDoing, useList, withQuery } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Workflow } from "../../api/shapes";
import { said, t } from "../../text";
import { Empty, PageTitle, State, Trouble, When } from "../../ui/parts";
import { Search, Select } from "../../ui/Select";
import { ListTable } from "../../ui/Table";
import { kindInWords } from "../runs/words";
import { Making } from "./Making";
import type { Shelves } from "./Shelf";
import { Switch } from "./Switch";
import type { WorkflowLine } from "./shapes";

/** As the hub has it: a schedule that was due so long ago, and has started nothing, is late. */
const LATE_MS = 5 * 60_000;

/** Every workflow: what starts it, when next, how it last went. */
export function Component(): React.JSX.Element {
  const { may } = useSession();
  const [words, setWords] = useState("");
  const [asked] = useSearchParams();
  const [active, setActive] = useState(asked.get("late") ? "late" : "");
  const search = useDeferredValue(words.trim());
  const [folder, setFolder] = useState("");
  const [tag, setTag] = useState("");
  const [isTrash, setTrash] = useState(false);
  const shelves = useAnswer<Shelves>("workflow-shelves").data;
  const list = useList<WorkflowLine>(
    withQuery("workflows", {
      search,
      active: active === "late" ? "" : active,
      late: active === "late" ? "true" : "",
      folder,
      tag,
      trash: isTrash ? "true" : "",
    }),
  );
  const isFiltered = isTrash || [search, active, folder, tag].some((each) => each !== "");
  return (
    <>
      <PageTitle title={t("Workflows")} />
      {may("workflow.edit") ? <Making /> : null}
      <div className="filters" role="search" aria-label={t("Which workflows")}>
        <Search title={t("Search")} value={words} onChange={setWords} />
        <Select
          title={t("Triggers")}
          value={active}
          options={[
            ["true", t("on")],
            ["false", t("off")],
            ["late", t("late")],
          ]}
          onChange={setActive}
        />
        {shelves && shelves.folders.length > 0 ? (
          <Select
            title={t("Folder")}
            value={folder}
            options={shelves.folders.map((each) => [each, each])}
            onChange={setFolder}
          />
        ) : null}
        {shelves && shelves.tags.length > 0 ? (
          <Select
            title={t("Tag")}
            value={tag}
            options={shelves.tags.map((each) => [each, each])}
            onChange={setTag}
          />
        ) : null}
        <label className="toggle-line">
          <input
            type="checkbox"
            checked={isTrash}
            onChange={(event) => {
              setTrash(event.target.checked);
            }}
          />
          {t("In the trash")}
        </label>
      </div>
      <ListTable
        name={t("Workflows")}
        list={list}
        keyOf={(each) => each.id}
        columns={[
          {
            title: t("Name"),
            isHead: true,
            cell: (each) => (
              <>
                <Link to={`/workflows/${each.slug}`}>{each.name}</Link>
                {each.folder || each.tags.length > 0 ? (
                  <span className="row">
                    {each.folder ? <small className="muted">{`${each.folder} /`}</small> : null}
                    {each.tags.map((word) => (
                      <span className="badge" key={word}>
                        {word}
                      </span>
                    ))}
                  </span>
                ) : null}
                {each.description ? <small className="described">{said(each.description)}</small> : null}
                {each.connectors.length > 0 ? (
                  <small className="muted described">{each.connectors.join(" · ")}</small>
                ) : null}
              </>
            ),
          },
          {
            title: t("Started by"),
            cell: (each) => (
              <>
                {each.starts.map(kindInWords).join(", ") || "–"}
                {each.next_at ? (
                  <small className="described">
                    {Date.parse(each.next_at) < Date.now() - LATE_MS ? (
                      <State of="waiting" words={t("late")} />
                    ) : (
                      t("next")
                    )}{" "}
                    <When at={each.next_at} />
                  </small>
                ) : null}
              </>
            ),
          },
          { title: t("Triggers"), cell: (each) => <Switch of={each} /> },
          {
            title: t("Last run"),
            cell: (each) =>
              each.last_run ? (
                <Link to={`/runs/${each.last_run.id}`} className="row">
                  <State of={each.last_run.state} /> <When at={each.last_run.created_at} />
                </Link>
              ) : (
                <span className="muted">{t("never")}</span>
              ),
          },
          {
            title: t("Version"),
            cell: (each) => (each.published ? each.published.number : t("not published")),
          },
          { title: t("What to do"), isQuiet: true, cell: (each) => <Verbs of={each} /> },
        ]}
        empty={
          <Empty
            action={
              <Link className="button" to="/templates">
                {t("Choose a template")}
              </Link>
            }
          >
            {isFiltered
              ? t("No workflow is like this.")
              : t("No workflow yet. Give the first one a name and draw it, or install a template.")}
          </Empty>
        }
      />
    </>
  );
}

function Verbs({ of }: { of: WorkflowLine }): React.JSX.Element {
  const { hub, may } = useSession();
  const go = useNavigate();
  const duplicate = useDoing(async () => {
    const made = await hub.post<Workflow>(`workflows/${of.slug}/duplicate`, {});
    await go(`/workflows/${made.slug}/design`);
  }, ["workflows"]);
  return (
    <div className="row">
      <Link
        className="button small"
        to={`/workflows/${of.slug}/design`}
        aria-label={t("Design {name}", { name: of.name })}
      >
        {t("Design")}
      </Link>
      {may("workflow.edit") ? (
        <button
          type="button"
          className="small"
          aria-label={t("Duplicate {name}", { name: of.name })}
          onClick={() => {
            duplicate.mutate(undefined);
          }}
        >
          {t("Duplicate")}
        </button>
      ) : null}
      <Trouble of={duplicate.error} />
    </div>
  );
}
