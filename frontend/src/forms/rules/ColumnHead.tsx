import { useState } from "react";

import { t } from "../../text";
import { useForm } from "../FormContext";
import { GIVEN_KINDS, KINDS } from "./cells";
import type { GivenKind, Kind } from "./cells";
import { isGivenKind, withColumnChanged, withoutColumn } from "./table";
import type { GridColumn, RuleTable } from "./table";
import { KIND_WORDS } from "./words";

/** The head of a column: its name and kind, which can be changed, and the way to remove it. */
export function ColumnHead({
  column,
  table,
  onChange,
  onKinds,
}: {
  column: GridColumn;
  table: RuleTable;
  onChange: (table: RuleTable) => void;
  onKinds: (
    change: (kinds: Readonly<Record<string, GivenKind>>) => Readonly<Record<string, GivenKind>>,
  ) => void;
}): React.JSX.Element {
  const { isReadOnly } = useForm();
  const [name, setName] = useState<string | null>(null);
  if (column.part === "note") return <th scope="col">{t("Note")}</th>;
  const title = column.part === "when" ? column.name : `→ ${column.name}`;
  if (isReadOnly) return <th scope="col">{title}</th>;
  const offered: readonly string[] = column.part === "when" ? KINDS : GIVEN_KINDS;
  const change = (to: string, kind: string): void => {
    if (column.part === "give")
      onKinds((kinds) => {
        const { [column.name]: held = column.kind, ...others } = kinds;
        return { ...others, [to]: isGivenKind(kind) ? kind : held };
      });
    onChange(withColumnChanged(table, column, to, kind));
  };
  const rename = (): void => {
    const wanted = name?.trim() ?? "";
    const isTaken = table.columns.some((each) => each.name === wanted);
    setName(null);
    if (wanted !== "" && wanted !== column.name && !(column.part === "when" && isTaken))
      change(wanted, column.kind);
  };
  return (
    <th scope="col" className={`head-${column.part}`}>
      <span className="hidden-visually">{title}</span>
      <span className="column-head">
        {column.part === "give" ? <span aria-hidden="true">→</span> : null}
        <input
          aria-label={t("Name of the column {name}", { name: column.name })}
          value={name ?? column.name}
          onChange={(event) => {
            setName(event.target.value);
          }}
          onBlur={rename}
          onKeyDown={(event) => {
            if (event.key === "Enter") rename();
          }}
        />
        <select
          aria-label={t("Kind of the column {name}", { name: column.name })}
          value={column.kind}
          onChange={(event) => {
            change(column.name, event.target.value);
          }}
        >
          {offered.map((each) => (
            <option key={each} value={each}>
              {t(KIND_WORDS[each as Kind | GivenKind])}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="small"
          aria-label={t("Remove the column {name}", { name: column.name })}
          onClick={() => {
            onKinds((kinds) =>
              Object.fromEntries(Object.entries(kinds).filter(([each]) => each !== column.name)),
            );
            onChange(withoutColumn(table, column));
          }}
        >
          ×
        </button>
      </span>
    </th>
  );
}
