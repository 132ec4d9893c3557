import { useMemo, useState } from "react";
import { useNavigate, useParams } from "react-router";

import { useAnswer, useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import { difference, isSame } from "../../document/diff";
import { merged } from "../../document/merge";
import { stepOf } from "../../document/levels";
import { titleOf } from "../../document/types";
import type { WorkflowDocument } from "../../document/types";
import { DifferenceView } from "../../editor/DifferenceView";
import { t, tn } from "../../text";
import { Loading, Notice, PageTitle, Section, Trouble } from "../../ui/parts";
import { takingTheirs } from "./upgrading";

interface Upgrade {
  readonly version: number;
  readonly to_version: number;
  readonly revision: number;
  readonly base: WorkflowDocument | null;
  readonly mine: WorkflowDocument;
  readonly theirs: WorkflowDocument;
}

/** An installed template beside what the template makes now, and what was changed here: a person decides. */
export function Component(): React.JSX.Element {
  const { name = "", slug = "" } = useParams();
  const { data, error, isLoading } = useAnswer<Upgrade>(`installations/${slug}/upgrade`);
  const crumbs = [
    { title: t("Templates"), to: "/templates" },
    { title: name, to: `/templates/${name}` },
  ];
  return (
    <>
      <PageTitle title={t("Upgrade {name}", { name: slug })} crumbs={crumbs} />
      <Trouble of={error} />
      {isLoading ? <Loading /> : null}
      {data ? <Shown key={data.revision} of={data} name={name} slug={slug} /> : null}
    </>
  );
}

function Shown({ of, name, slug }: { of: Upgrade; name: string; slug: string }): React.JSX.Element {
  const { hub, may } = useSession();
  const go = useNavigate();
  const [taken, setTaken] = useState<readonly string[]>([]);
  const base = of.base ?? of.theirs;
  const conflicting = useMemo(
    () =>
      of.mine.steps
        .filter((step) => {
          const [was, now] = [stepOf(base, step.id), stepOf(of.theirs, step.id)];
          return was && now && !isEqual(was, step) && !isEqual(was, now) && !isEqual(step, now);
        })
        .map((step) => ({ id: step.id, title: titleOf(step) })),
    [base, of],
  );
  const result = useMemo(
    () => merged(base, takingTheirs(of.mine, of.theirs, taken), of.theirs).document,
    [base, of, taken],
  );
  const upgrade = useDoing(async () => {
    await hub.post(`installations/${slug}/upgrade`, {
      document: result,
      revision: of.revision,
      to_version: of.to_version,
    });
    await go(`/templates/${name}`);
  }, ["installations", "workflows"]);
  const fromTemplate = difference(base, of.theirs);
  const fromHere = difference(base, of.mine);
  const comes = difference(of.mine, result);
  return (
    <>
      <p>
        {of.version === of.to_version
          ? t("Installed is version {n}, the newest.", { n: of.version })
          : t("Installed is version {from}; the template is at version {to}.", {
              from: of.version,
              to: of.to_version,
            })}
      </p>
      {of.base === null ? (
        <Notice tone="warn">
          {t(
            "It is not known any more what the template made here first: every difference counts as a change of yours.",
          )}
        </Notice>
      ) : null}
      <div className="columns">
        <Section title={t("What the template changed")}>
          {isSame(fromTemplate) ? (
            <p className="muted">{t("Nothing.")}</p>
          ) : (
            <DifferenceView difference={fromTemplate} />
          )}
        </Section>
        <Section title={t("What was changed here")}>
          {isSame(fromHere) ? (
            <p className="muted">{t("Nothing.")}</p>
          ) : (
            <DifferenceView difference={fromHere} />
          )}
        </Section>
      </div>
      {conflicting.length > 0 ? (
        <Section title={t("Changed by both")}>
          <p>
            {tn(
              "{n} step was changed here and in the template. Yours is kept, unless you take the template's.",
              "{n} steps were changed here and in the template. Yours are kept, unless you take the template's.",
              conflicting.length,
            )}
          </p>
          <ul className="plain card">
            {conflicting.map((each) => (
              <li className="line" key={each.id}>
                <label className="choose">
                  <input
                    type="checkbox"
                    checked={taken.includes(each.id)}
                    onChange={(event) => {
                      setTaken(
                        event.target.checked ? [...taken, each.id] : taken.filter((id) => id !== each.id),
                      );
                    }}
                  />{" "}
                  {t("Take the template's step “{title}”", { title: each.title })}
                </label>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      <Section title={t("What changes in this workflow")}>
        {isSame(comes) ? <p className="muted">{t("Nothing.")}</p> : <DifferenceView difference={comes} />}
      </Section>
      <Trouble of={upgrade.error} />
      {may("template.install") && !(isSame(comes) && of.version === of.to_version) ? (
        <div>
          <button
            type="button"
            className="primary"
            disabled={upgrade.isPending}
            onClick={() => {
              upgrade.mutate(undefined);
            }}
          >
            {t("Upgrade and publish")}
          </button>
        </div>
      ) : null}
    </>
  );
}

function isEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
