import { isSame } from "../document/diff";
import type { Difference, FieldChange, Way } from "../document/diff";
import type { Json } from "../document/types";
import type { Step } from "../document/types";
import { t } from "../text";
import type { Catalog } from "./catalog";
import { fieldWords } from "./fieldWords";
import { portWords } from "./portWords";

const TONES = { added: "good", removed: "bad", changed: "warn" } as const;

/** What differs, in words and fields; never JSON of a whole document. */
export function DifferenceView({
  difference,
  catalog = null,
}: {
  difference: Difference;
  /** Knows what the fields of steps are called. */
  catalog?: Catalog | null;
}): React.JSX.Element {
  if (isSame(difference)) return <p className="muted">{t("The draft is the same.")}</p>;
  return (
    <ul className="plain differences">
      {difference.steps.map((step) => (
        <li key={step.id}>
          <span className={`badge ${TONES[step.kind]}`}>{t(step.kind)}</span> <strong>{step.title}</strong>
          <Changes changes={step.fields} step={step.step} catalog={catalog} />
        </li>
      ))}
      {difference.edgesAdded.map((edge) => (
        <li key={`+${keyOf(edge)}`}>
          <span className="badge good">{t("added")}</span>{" "}
          {t("way from {from} by {port} to {to}", { ...edge, port: portWords(edge.port) })}
        </li>
      ))}
      {difference.edgesRemoved.map((edge) => (
        <li key={`-${keyOf(edge)}`}>
          <span className="badge bad">{t("removed")}</span>{" "}
          {t("way from {from} by {port} to {to}", { ...edge, port: portWords(edge.port) })}
        </li>
      ))}
      {difference.triggers.length + difference.about.length > 0 ? (
        <li>
          <span className="badge warn">{t("changed")}</span>{" "}
          <strong>{t("What starts it, and the workflow as a whole")}</strong>
          <Changes changes={[...difference.triggers, ...difference.about]} catalog={catalog} />
        </li>
      ) : null}
    </ul>
  );
}

function keyOf({ from, port, to }: Way): string {
  return `${from}:${port}:${to}`;
}

function Changes({
  changes,
  step,
  catalog,
}: {
  changes: readonly FieldChange[];
  step?: Step;
  catalog: Catalog | null;
}): React.JSX.Element | null {
  if (changes.length === 0) return null;
  return (
    <dl>
      {changes.map(({ field, before, after }) => (
        <div key={field}>
          <dt>{fieldWords(field, step, catalog)}</dt>
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
