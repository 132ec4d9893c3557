import { useAnswer, withQuery } from "../../api/asking";
import { inNumbers, said, t } from "../../text";
import type { Text } from "../../text";
import { Loading, Trouble } from "../../ui/parts";
import { hasGroup, withGroup, withoutGroup } from "./leftOut";
import type { LeftOut } from "./leftOut";
import { choiceOf, kindInWords } from "./shapes";
import type { Choice, Group } from "./shapes";

export const GROUPS: readonly (readonly [string, Text])[] = [
  ["kind", "kind"],
  ["unit", "unit or region"],
  ["rule", "rule row"],
  ["reason", "reason"],
  ["state", "state"],
];

/** How many changes are in which group; a group is looked into, or left out of what is approved. */
export function Groups({
  plan,
  by,
  asked,
  onChoose,
  leftOut,
  onLeaveOut,
}: {
  plan: string;
  by: string;
  asked: Readonly<Record<string, string>>;
  onChoose: (choice: Choice & { readonly state?: string }) => void;
  leftOut: LeftOut;
  /** Null when nobody decides here. */
  onLeaveOut: ((held: LeftOut) => void) | null;
}): React.JSX.Element {
  const { data, error } = useAnswer<{ groups: readonly Group[] }>(
    withQuery(`plans/${plan}/groups`, { by, ...asked }),
  );
  return (
    <>
      <Trouble of={error} />
      {data ? null : <Loading />}
      <ul className="plain card groups" aria-label={t("Groups")}>
        {(data?.groups ?? []).map((each) => {
          const choice = choiceOf(by, each);
          const isOut = hasGroup(leftOut, choice);
          const words = groupInWords(by, each);
          return (
            <li className="line" key={`${each.value} ${each.operation}`}>
              <button
                type="button"
                className="plain-button"
                onClick={() => {
                  onChoose(choice);
                }}
              >
                {isOut ? <s>{words}</s> : words}
              </button>
              <span className="end row">
                <span>{inNumbers(each.count)}</span>
                {onLeaveOut && by !== "state" ? (
                  <button
                    type="button"
                    className="small"
                    aria-pressed={isOut}
                    aria-label={t("Leave out: {what}", { what: words })}
                    onClick={() => {
                      onLeaveOut(isOut ? withoutGroup(leftOut, choice) : withGroup(leftOut, words, choice));
                    }}
                  >
                    {t("Leave out")}
                  </button>
                ) : null}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function groupInWords(by: string, { value, operation }: Group): string {
  if (by === "kind") return `${said(operation)} ${kindInWords(value)}`;
  if (by === "state") return said(value.replace("_", " "));
  if (value === "") return t("says nothing of it");
  return by === "rule" ? t("row {n}", { n: value }) : value;
}
