import { useState } from "react";

import { t } from "../../text";
import { KINDS } from "./cells";
import type { GivenKind, Kind } from "./cells";
import { KIND_WORDS } from "./words";
import { isGivenKind, withColumn } from "./table";
import type { GridColumn, RuleTable } from "./table";
import { GIVEN_KINDS } from "./cells";

/** A condition more, or something more that is given. */
export function NewColumn({
  table,
  columns,
  onChange,
  onKind,
}: {
  table: RuleTable;
  columns: readonly GridColumn[];
  onChange: (table: RuleTable) => void;
  onKind: (name: string, kind: GivenKind) => void;
}): React.JSX.Element {
  const [part, setPart] = useState<"when" | "give">("when");
  const [name, setName] = useState("");
  const [kind, setKind] = useState<string>("text");
  const offered: readonly string[] = part === "when" ? KINDS : GIVEN_KINDS;
  const isTaken = columns.some((each) => each.part === part && each.name === name.trim());
  const add = (): void => {
    if (part === "when") onChange(withColumn(table, name.trim(), kind as Kind));
    else if (isGivenKind(kind)) onKind(name.trim(), kind);
    setName("");
  };
  return (
    <form
      className="row"
      aria-label={t("New column")}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "" && !isTaken) add();
      }}
    >
      <select
        aria-label={t("What the column is")}
        value={part}
        onChange={(event) => {
          setPart(event.target.value as "when" | "give");
          setKind("text");
        }}
      >
        <option value="when">{t("Condition")}</option>
        <option value="give">{t("Given")}</option>
      </select>
      <input
        aria-label={t("Name of the new column")}
        placeholder={t("Name")}
        value={name}
        maxLength={100}
        onChange={(event) => {
          setName(event.target.value);
        }}
      />
      <select
        aria-label={t("Kind of the new column")}
        value={kind}
        onChange={(event) => {
          setKind(event.target.value);
        }}
      >
        {offered.map((each) => (
          <option key={each} value={each}>
            {t(KIND_WORDS[each as Kind | GivenKind])}
          </option>
        ))}
      </select>
      <button type="submit" className="small" disabled={name.trim() === "" || isTaken}>
        {t("Add a column")}
      </button>
      {isTaken ? <span className="wrong">{t("There is such a column already.")}</span> : null}
    </form>
  );
}
