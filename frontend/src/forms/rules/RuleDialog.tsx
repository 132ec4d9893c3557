import { useEffect, useMemo, useRef, useState } from "react";

import type { Json } from "../../document/types";
import { said, t, told } from "../../text";
import { useForm } from "../FormContext";
import type { GivenKind } from "./cells";
import { NewColumn } from "./NewColumn";
import { RuleGrid } from "./RuleGrid";
import type { At } from "./RuleGrid";
import { RuleSheets } from "./RuleSheets";
import { RuleTrial } from "./RuleTrial";
import "./rules.css";
import { columnsOf } from "./table";
import type { RuleTable } from "./table";
import { useChecked } from "./useChecked";
import type { Checked, Finding } from "./useChecked";

/** The window in which a rule table is written, tried, and carried to a spreadsheet and back. */
export function RuleDialog({
  title,
  table,
  place,
  sought,
  record,
  onChange,
  onClose,
}: {
  title: string;
  table: RuleTable;
  place: string;
  /** A place in the table that is to be focused: "rows/3/when/age". */
  sought: string;
  /** The record that the step looks up, with its expressions. */
  record: Json;
  onChange: (table: RuleTable) => void;
  onClose: () => void;
}): React.JSX.Element {
  const { isReadOnly } = useForm();
  const dialog = useRef<HTMLDialogElement>(null);
  const [kinds, setKinds] = useState<Readonly<Record<string, GivenKind>>>({});
  const [wanted, setWanted] = useState<At | null>(() => atOf(sought));
  const [matched, setMatched] = useState<readonly number[]>([]);
  const columns = useMemo(() => columnsOf(table, kinds), [table, kinds]);
  const checked = useChecked(table);
  useEffect(() => {
    const held = dialog.current;
    held?.showModal();
    return () => held?.close();
  }, []);
  return (
    <dialog ref={dialog} className="rules" aria-label={title} onClose={onClose}>
      <header className="rules-head">
        <h2>{title}</h2>
        <fieldset className="row">
          <legend className="hidden-visually">{t("Which rows count")}</legend>
          {(["first", "all"] as const).map((each) => (
            <label key={each} className="toggle-line">
              <input
                type="radio"
                name="match"
                checked={(table.match ?? "first") === each}
                disabled={isReadOnly}
                onChange={() => {
                  onChange({ ...table, match: each });
                }}
              />
              {each === "first" ? t("The first matching row counts") : t("Every matching row counts")}
            </label>
          ))}
        </fieldset>
        <button
          type="button"
          onClick={() => {
            dialog.current?.close();
          }}
        >
          {t("Done")}
        </button>
      </header>
      {isReadOnly ? null : (
        <div className="rules-tools">
          <NewColumn
            table={table}
            columns={columns}
            onChange={onChange}
            onKind={(name, kind) => {
              setKinds({ ...kinds, [name]: kind });
            }}
          />
          <RuleSheets
            table={table}
            onChange={(made) => {
              setKinds({});
              onChange(made);
            }}
          />
        </div>
      )}
      <RuleGrid
        table={table}
        columns={columns}
        place={place}
        checked={checked}
        wanted={wanted}
        matched={matched}
        onChange={onChange}
        onKinds={setKinds}
      />
      <footer className="rules-foot">
        <Findings
          checked={checked}
          onGo={(row) => {
            setWanted({ row: row - 1, column: 0 });
          }}
        />
        <RuleTrial table={table} record={record} onMatched={setMatched} />
      </footer>
    </dialog>
  );
}

function atOf(place: string): At | null {
  const [part, row, , name] = place.split("/");
  if (part !== "rows" || row === undefined) return null;
  return { row: Number(row), column: name ?? 0 };
}

/** What may be meant as it is, or not: each leads to its row. */
function Findings({
  checked,
  onGo,
}: {
  checked: Checked | null;
  onGo: (row: number) => void;
}): React.JSX.Element {
  const places = checked?.problems ?? [];
  return (
    <section className="rules-findings" aria-label={t("What was found")} aria-live="polite">
      <h3>{t("What was found")}</h3>
      {checked === null ? <p className="muted">{t("Is being looked at…")}</p> : null}
      {checked && places.length + checked.findings.length === 0 ? (
        <p className="good-words">{t("No mistake, no gap, no overlap, no row that is never reached.")}</p>
      ) : null}
      <ul className="plain">
        {places.map((each) => (
          <li key={each.place + each.message}>
            <Line
              tone="bad"
              label={t("mistake")}
              words={told(each.message, each.message_parts)}
              row={rowIn(each.place)}
              onGo={onGo}
            />
          </li>
        ))}
        {(checked?.findings ?? []).map((each) => (
          <li key={each.code + each.message}>
            <Line
              tone={each.code === "unreachable" ? "bad" : "warn"}
              label={said(each.code)}
              words={wordsOf(each)}
              row={each.rows.at(-1) ?? null}
              onGo={onGo}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({
  tone,
  label,
  words,
  row,
  onGo,
}: {
  tone: string;
  label: string;
  words: string;
  row: number | null;
  onGo: (row: number) => void;
}): React.JSX.Element {
  return (
    <p className="row">
      <span className={`badge ${tone}`}>{label}</span>
      <span className="grow">{words}</span>
      {row === null ? null : (
        <button
          type="button"
          className="small"
          aria-label={t("Go to row {n}: {words}", { n: row, words })}
          onClick={() => {
            onGo(row);
          }}
        >
          {t("row {n}", { n: row })}
        </button>
      )}
    </p>
  );
}

function rowIn(place: string): number | null {
  const found = /^rows\/(\d+)/.exec(place);
  return found ? Number(found[1]) + 1 : null;
}

function wordsOf({ code, message, rows }: Finding): string {
  const [first = 0, second = 0] = rows;
  if (code === "unreachable") return t("Row {n} is never reached: rows above it match first.", { n: first });
  if (code === "overlap" && message.includes("wins"))
    return t("Rows {a} and {b} can match the same record; row {a} wins.", { a: first, b: second });
  if (code === "overlap")
    return t("Rows {a} and {b} can match the same record; both count.", { a: first, b: second });
  if (code === "gap") return t("No row covers {what}", { what: message.replace(/^No row covers /, "") });
  return said(message);
}
