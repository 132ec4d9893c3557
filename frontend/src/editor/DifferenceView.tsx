import { isSame } from "../document/diff";
import type { Difference, FieldChange } from "../document/diff";
import type { Json } from "../document/types";
import { t } from "../text";

const TONES = { added: "good", removed: "bad", changed: "warn" } as const;

/** What differs, in words and fields; never JSON of a whole document. */
export function DifferenceView({ difference }: { difference: Difference }): React.JSX.Element {
  if (isSame(difference)) return <p className="muted">{t("The draft is the same.")}</p>;
  return (
    <ul className="plain differences">
      {difference.steps.map((step) => (
        <li key={step.id}>
          <span className={`badge ${TONES[step.kind]}`}>{t(step.kind)}</span> <strong>{step.title}</strong>
          <Changes changes={step.fields} />
        </li>
      ))}
      {difference.edgesAdded.map((edge) => (
        <li key={`+${edge}`}>
          <span className="badge good">{t("added")}</span> {t("way from {edge}", { edge })}
        </li>
      ))}
      {difference.edgesRemoved.map((edge) => (
        <li key={`-${edge}`}>
          <span className="badge bad">{t("removed")}</span> {t("way from {edge}", { edge })}
        </li>
      ))}
      {difference.triggers.length + difference.about.length > 0 ? (
        <li>
          <span className="badge warn">{t("changed")}</span> <strong>{t("What starts it, name")}</strong>
          <Changes changes={[...difference.triggers, ...difference.about]} />
        </li>
      ) : null}
    </ul>
  );
}

function Changes({ changes }: { changes: readonly FieldChange[] }): React.JSX.Element | null {
  if (changes.length === 0) return null;
  return (
    <dl>
      {changes.map(({ field, before, after }) => (
        <div key={field}>
          <dt>{field}</dt>
          <dd>
            {before === undefined ? null : <del className="before">{shown(before)}</del>}{" "}
            {after === undefined ? null : <ins className="after">{shown(after)}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function shown(value: Json): string {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
