import { useDeferredValue, useState } from "react";

import { useAnswer, withQuery } from "../../api/asking";
import { inNumbers, said, t } from "../../text";
import type { Text } from "../../text";
import { Empty, Section, Trouble } from "../../ui/parts";
import { Search, Select } from "../../ui/Select";
import { ChangeRows } from "./ChangeRows";
import { GROUPS, Groups } from "./Groups";
import type { LeftOut } from "./leftOut";
import { kindInWords } from "./shapes";
import type { Plan } from "./shapes";

const SORTS: readonly (readonly [string, Text])[] = [
  ["title", "object, from A"],
  ["-title", "object, from Z"],
  ["kind", "kind"],
  ["unit", "unit or region"],
  ["state", "state"],
];
const EXPORTS: readonly (readonly [string, string])[] = [
  ["changes.csv", "CSV"],
  ["changes.xlsx", "XLSX"],
  ["report.pdf", "PDF"],
];
const EXACT = ["operation", "resource", "state", "unit", "rule", "reason", "without"] as const;

/** The lines of a plan: narrowed, in groups, sorted, and left out of what is approved. */
export function Changes({
  plan,
  leftOut,
  onLeaveOut,
}: {
  plan: Plan;
  leftOut: LeftOut;
  onLeaveOut: ((held: LeftOut) => void) | null;
}): React.JSX.Element {
  const [exact, setExact] = useState<Readonly<Record<string, string>>>({});
  const [words, setWords] = useState("");
  const [cause, setCause] = useState("");
  const [by, setBy] = useState("");
  const [sort, setSort] = useState("");
  const search = useDeferredValue(words.trim());
  const why = useDeferredValue(cause.trim());
  const asked = { ...exact, search, cause: why };
  const isNarrowed = Object.values(asked).some((each) => each !== "");
  const counted = useAnswer<{ count: number }>(withQuery(`plans/${plan.id}/changes/count`, asked), {
    isWanted: isNarrowed,
  });
  const total = Object.values(plan.states).reduce((sum, each) => sum + each, 0);
  const shown = isNarrowed ? counted.data?.count : total;
  const narrowed = EXACT.filter((each) => exact[each]);
  const kind = exact["operation"] ? `${exact["resource"] ?? ""} ${exact["operation"]}` : "";
  const narrow = (to: Readonly<Record<string, unknown>>): void => {
    const given = Object.entries(to).filter(([, value]) => typeof value === "string" && value !== "");
    setExact({ ...exact, ...Object.fromEntries(given) } as Record<string, string>);
  };
  const widen = (...names: readonly string[]): void => {
    setExact(Object.fromEntries(Object.entries(exact).filter(([name]) => !names.includes(name))));
  };
  return (
    <Section
      title={t("Changes")}
      note={
        shown === undefined || shown === total
          ? inNumbers(total)
          : t("{shown} of {total}", { shown: inNumbers(shown), total: inNumbers(total) })
      }
      actions={
        total > 0
          ? EXPORTS.map(([file, format]) => (
              <a
                key={file}
                className="button small"
                href={`/api/v1/${withQuery(`plans/${plan.id}/${file}`, asked)}`}
                download
              >
                {t("Export as {format}", { format })}
              </a>
            ))
          : null
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
                widen("resource", "operation");
              }}
            >
              {t("all")}
            </button>
            {Object.entries(plan.counts).map(([each, count]) => {
              const [resource = "", operation = ""] = each.split(" ");
              return (
                <button
                  key={each}
                  type="button"
                  aria-pressed={kind === each}
                  onClick={() => {
                    if (kind === each) widen("resource", "operation");
                    else narrow({ resource, operation });
                  }}
                >
                  {said(operation)} {kindInWords(resource)} <span className="muted">{inNumbers(count)}</span>
                </button>
              );
            })}
          </div>
          <div className="filters">
            <Search title={t("Search")} value={words} onChange={setWords} />
            <Search title={t("Cause")} value={cause} onChange={setCause} />
            <Select
              title={t("State")}
              value={exact["state"] ?? ""}
              options={Object.entries(plan.states).map(([each, count]) => [
                each,
                `${said(each.replace("_", " "))} (${inNumbers(count)})`,
              ])}
              onChange={(to) => {
                if (to) narrow({ state: to });
                else widen("state");
              }}
            />
            <Select
              title={t("Group by")}
              any={t("nothing")}
              value={by}
              options={GROUPS.map(([each, title]) => [each, t(title)])}
              onChange={setBy}
            />
            <Select
              title={t("Sort by")}
              any={t("the order of applying")}
              value={sort}
              options={SORTS.map(([each, title]) => [each, t(title)])}
              onChange={setSort}
            />
          </div>
          {narrowed.length > 0 ? (
            <div className="chips" role="group" aria-label={t("Only these")}>
              {narrowed.map((each) => (
                <button
                  key={each}
                  type="button"
                  aria-label={t("Without {what}", { what: exact[each] ?? "" })}
                  onClick={() => {
                    widen(each);
                  }}
                >
                  <span className="muted">{said(each)}</span> {exact[each]} ×
                </button>
              ))}
            </div>
          ) : null}
          <Trouble of={counted.error} />
          {by ? (
            <Groups
              plan={plan.id}
              by={by}
              asked={asked}
              leftOut={leftOut}
              onLeaveOut={onLeaveOut}
              onChoose={(choice) => {
                narrow(choice as Readonly<Record<string, unknown>>);
                setBy("");
              }}
            />
          ) : shown === 0 ? (
            <Empty>{t("No change is like this. Widen what you look for.")}</Empty>
          ) : shown === undefined ? null : (
            <ChangeRows
              key={JSON.stringify([asked, sort])}
              address={withQuery(`plans/${plan.id}/changes`, { ...asked, sort })}
              count={shown}
              isMoving={plan.state === "applying"}
              leftOut={leftOut}
              onLeaveOut={onLeaveOut}
            />
          )}
        </>
      )}
    </Section>
  );
}
