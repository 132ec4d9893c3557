import { useRef, useState } from "react";

import { useSession } from "../../api/session";
import { Refused } from "../../api/hub";
import { savedAs } from "../../ui/saved";
import { t, tn } from "../../text";
import type { RuleTable } from "./table";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/** To a spreadsheet and back. What cannot be read is named by sheet, row and column; nothing of it is taken in. */
export function RuleSheets({
  table,
  onChange,
}: {
  table: RuleTable;
  onChange: (table: RuleTable) => void;
}): React.JSX.Element {
  const { hub } = useSession();
  const file = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const [done, setDone] = useState("");
  const tried = async (work: () => Promise<string>): Promise<void> => {
    setWrong([]);
    setDone("");
    try {
      setDone(await work());
    } catch (trouble) {
      setWrong(wordsOf(trouble));
    }
  };
  const write = (form: "csv" | "xlsx") => async (): Promise<string> => {
    const made = await hub.post<Record<string, string>>(`rule-tables/to-${form}`, { table });
    const content = made[form] ?? "";
    const blob =
      form === "csv"
        ? new Blob(["\ufeff", content], { type: "text/csv" })
        : new Blob([Uint8Array.from(atob(content), (each) => each.charCodeAt(0))], { type: XLSX });
    savedAs(`rules.${form}`, blob);
    return "";
  };
  const read = (chosen: File) => async (): Promise<string> => {
    const form = chosen.name.toLowerCase().endsWith(".xlsx") ? "xlsx" : "csv";
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    const content = form === "csv" ? textOf(bytes) : base64Of(bytes);
    const { table: made } = await hub.post<{ table: RuleTable }>(`rule-tables/from-${form}`, {
      [form]: content,
    });
    onChange(made);
    return tn(
      "{n} row was taken in. Undo brings back what was here.",
      "{n} rows were taken in. Undo brings back what was here.",
      made.rows.length,
    );
  };
  return (
    <div className="rules-sheets">
      <div className="row">
        <button type="button" className="small" onClick={() => file.current?.click()}>
          {t("Import CSV or Excel…")}
        </button>
        <button type="button" className="small" onClick={() => void tried(write("csv"))}>
          {t("Export CSV")}
        </button>
        <button type="button" className="small" onClick={() => void tried(write("xlsx"))}>
          {t("Export Excel")}
        </button>
        <input
          ref={file}
          type="file"
          accept=".csv,.xlsx"
          hidden
          aria-label={t("A rule table as CSV or Excel")}
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            event.target.value = "";
            if (chosen) void tried(read(chosen));
          }}
        />
      </div>
      {done ? <p role="status">{done}</p> : null}
      {wrong.length > 0 ? (
        <div className="notice bad" role="alert">
          <p>{t("Nothing was taken over. Mend these, and try again:")}</p>
          <ul>
            {wrong.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  );
}

/** As UTF-8, else as Excel writes CSV on Windows. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

function wordsOf(trouble: unknown): readonly string[] {
  if (trouble instanceof Refused) {
    const errors = trouble.problem["errors"] as readonly { readonly detail: string }[] | undefined;
    if (errors && errors.length > 0) return errors.slice(0, 50).map((each) => each.detail);
  }
  return [trouble instanceof Error ? trouble.message : String(trouble)];
}
