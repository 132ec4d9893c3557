import { useDeferredValue, useState } from "react";

import { useAnswer, withQuery } from "../../api/asking";
import { inNumbers, said, t } from "../../text";
import { Empty, Section, Trouble } from "../../ui/parts";
import { Search, Select } from "../../ui/Select";
import { ChangeRows } from "./ChangeRows";
import type { Plan } from "./shapes";

/** The lines of a plan, narrowed by kind, state and words. */
export function Changes({ plan }: { plan: Plan }): React.JSX.Element {
  const [kind, setKind] = useState("");
  const [state, setState] = useState("");
  const [words, setWords] = useState("");
  const search = useDeferredValue(words.trim());
  const [resource = "", operation = ""] = kind.split(" ");
  const asked = { resource, operation, state, search };
  const counted = useAnswer<{ count: number }>(withQuery(`plans/${plan.id}/changes/count`, asked));
  const total = Object.values(plan.counts).reduce((sum, each) => sum + each, 0);
  const shown = counted.data?.count;
  return (
    <Section
      title={t("Changes")}
      note={
        shown === undefined || shown === total
          ? inNumbers(total)
          : t("{shown} of {total}", { shown: inNumbers(shown), total: inNumbers(total) })
      }
      actions={
        total > 0 ? (
          <a
            className="button small"
            href={`/api/v1/${withQuery(`plans/${plan.id}/changes.csv`, asked)}`}
            download
          >
            {t("Export as CSV")}
          </a>
        ) : null
      }
    >
      {total === 0 ? (
        <Empty>{t("Everything is as it should be: there is nothing to change.")}</Empty>
      ) : (
        <>
          <div className="chips" role="group" aria-label={t("Kinds of changes")}>
            <button
              type="button"
              aria-pressed={kind === ""}
              onClick={() => {
                setKind("");
              }}
            >
              {t("all")}
            </button>
            {Object.entries(plan.counts).map(([each, count]) => (
              <button
                key={each}
                type="button"
                aria-pressed={kind === each}
                onClick={() => {
                  setKind(kind === each ? "" : each);
                }}
              >
                {kindInWords(each)} <span className="muted">{inNumbers(count)}</span>
              </button>
            ))}
          </div>
          <div className="filters">
            <Search title={t("Search")} value={words} onChange={setWords} />
            <Select
              title={t("State")}
              value={state}
              options={Object.entries(plan.states).map(([each, count]) => [
                each,
                `${said(each)} (${inNumbers(count)})`,
              ])}
              onChange={setState}
            />
          </div>
          <Trouble of={counted.error} />
          {shown === 0 ? (
            <Empty>{t("No change is like this. Widen what you look for.")}</Empty>
          ) : shown === undefined ? null : (
            <ChangeRows
              key={JSON.stringify(asked)}
              address={withQuery(`plans/${plan.id}/changes`, asked)}
              count={shown}
              isMoving={plan.state === "applying"}
            />
          )}
        </>
      )}
    </Section>
  );
}

/** "otds.group_members create" as "create group members". */
function kindInWords(kind: string): string {
  const [resource = "", operation = ""] = kind.split(" ");
  return `${said(operation)} ${resource.replace(/^[^.]*\./, "").replaceAll("_", " ")}`;
}
