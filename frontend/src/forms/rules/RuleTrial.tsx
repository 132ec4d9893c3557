import { useState } from "react";

import { useSession } from "../../api/session";
import type { Preview } from "../../api/shapes";
import type { Json, JsonObject } from "../../document/types";
import { t } from "../../text";
import { objectOf } from "../Control";
import { useForm } from "../FormContext";
import { readGiven } from "./cells";
import type { RuleColumn, RuleTable } from "./table";

interface Tried {
  readonly matched: boolean;
  readonly is_default: boolean;
  readonly rows: readonly number[];
  readonly give: JsonObject;
  readonly trace: readonly {
    readonly row: number;
    readonly met: boolean;
    readonly column?: string;
    readonly asks?: string;
    readonly has?: Json;
  }[];
}

const MOST = 200;

/** What the table decides about a record, and why not by the other rows. */
export function RuleTrial({
  table,
  record,
  onMatched,
}: {
  table: RuleTable;
  record: Json;
  onMatched: (rows: readonly number[]) => void;
}): React.JSX.Element {
  const { hub } = useSession();
  const { preview } = useForm();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [tried, setTried] = useState<Tried | null>(null);
  const [wrong, setWrong] = useState("");
  const fill = async (): Promise<void> => {
    const seen: Preview = await preview(record, "settings/record");
    if (seen.error) setWrong(seen.error);
    else {
      const held = objectOf(seen.value);
      setWrong("");
      setValues(Object.fromEntries(Object.entries(held).map(([name, value]) => [name, textOf(value)])));
    }
  };
  const attempt = async (): Promise<void> => {
    const made = Object.fromEntries(
      table.columns.map((column) => [column.name, valueOf(column, values[column.name] ?? "")]),
    );
    try {
      const found = await hub.post<Tried>("rule-tables/try", { table, record: made });
      setTried(found);
      setWrong("");
      onMatched(found.rows);
    } catch (trouble) {
      setTried(null);
      onMatched([]);
      setWrong(trouble instanceof Error ? trouble.message : String(trouble));
    }
  };
  return (
    <section className="rules-trial" aria-label={t("Try it")}>
      <h3>{t("Try it")}</h3>
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt();
        }}
      >
        {table.columns.map(({ name }) => (
          <label key={name} className="trial-value">
            <span>{name}</span>
            <input
              value={values[name] ?? ""}
              aria-label={t("Value of {name} to try", { name })}
              placeholder={t("missing")}
              onChange={(event) => {
                setValues({ ...values, [name]: event.target.value });
              }}
            />
          </label>
        ))}
        <button type="submit" className="primary small" disabled={table.columns.length === 0}>
          {t("Decide")}
        </button>
        <button type="button" className="small" onClick={() => void fill()}>
          {t("Take the values of the last run")}
        </button>
      </form>
      {wrong ? (
        <p className="wrong" role="alert">
          {wrong}
        </p>
      ) : null}
      {tried ? <Outcome tried={tried} /> : null}
    </section>
  );
}

function Outcome({ tried }: { tried: Tried }): React.JSX.Element {
  return (
    <div aria-live="polite">
      <p>
        <strong>
          {tried.rows.length > 0
            ? t("Row {rows} counts.", { rows: tried.rows.join(", ") })
            : tried.is_default
              ? t("No row matches; the default counts.")
              : t("No row matches, and there is no default.")}
        </strong>{" "}
        {tried.matched ? <code>{JSON.stringify(tried.give)}</code> : null}
      </p>
      <ol className="trace">
        {tried.trace.slice(0, MOST).map((each) => (
          <li key={each.row} value={each.row} className={each.met ? "met" : ""}>
            {each.met
              ? tried.rows.includes(each.row)
                ? t("matches, and counts")
                : t("matches, but a row above counts")
              : t("{column} asks for {asks}, and has {has}", {
                  column: each.column ?? "",
                  asks: each.asks ?? "",
                  has: each.has === undefined || each.has === null ? t("nothing") : textOf(each.has),
                })}
          </li>
        ))}
      </ol>
      {tried.trace.length > MOST ? (
        <p className="muted">{t("{n} more", { n: tried.trace.length - MOST })}</p>
      ) : null}
    </div>
  );
}

function textOf(value: Json): string {
  if (Array.isArray(value)) return value.map(String).join(" | ");
  return typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
}

function valueOf({ kind = "text" }: RuleColumn, text: string): Json {
  if (text.trim() === "") return null;
  if (kind === "group") return text.split("|").map((each) => each.trim());
  if (kind === "number" || kind === "boolean") return readGiven(kind, text) ?? null;
  return text.trim();
}
