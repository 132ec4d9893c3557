import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";

import { t, told } from "../../text";
import { useForm } from "../FormContext";
import { CellBar } from "./CellBar";
import type { GivenKind } from "./cells";
import { ColumnHead } from "./ColumnHead";
import { placeOfCell, textAt, withoutRow, withPasted, withRow, withRowMoved, withText } from "./table";
import type { GridColumn, RuleTable } from "./table";
import type { Checked } from "./useChecked";

/** A cell: its row, and the number or the name of its column. */
export interface At {
  readonly row: number;
  readonly column: number | string;
}

const ROW_HEIGHT = 44;

/** Conditions by column and rows in order, as a spreadsheet: every cell is typed in, arrows and Enter go on. */
export function RuleGrid({
  table,
  columns,
  place,
  checked,
  wanted,
  matched,
  onChange,
  onKinds,
}: {
  table: RuleTable;
  columns: readonly GridColumn[];
  place: string;
  checked: Checked | null;
  wanted: At | null;
  /** The rows that count for the record that is tried, from 1. */
  matched: readonly number[];
  onChange: (table: RuleTable) => void;
  onKinds: (
    change: (kinds: Readonly<Record<string, GivenKind>>) => Readonly<Record<string, GivenKind>>,
  ) => void;
}): React.JSX.Element {
  const { isReadOnly } = useForm();
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<{ row: number; column: number } | null>(null);
  // While somebody types, the text stands as it is typed; the table has what it means.
  const [typed, setTyped] = useState<string | null>(null);
  const count = table.rows.length;
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
    initialRect: { width: 1000, height: 700 },
  });
  const wrong = useMemo(() => {
    const made = new Map<string, string>();
    for (const each of checked?.problems ?? []) made.set(each.place, told(each.message, each.message_parts));
    return made;
  }, [checked]);
  const focus = (row: number, column: number): void => {
    if (row < count) rows.scrollToIndex(row);
    // A row that was out of sight, or was just added, is there within a few frames.
    const attempt = (left: number): void => {
      const cell = box.current?.querySelector<HTMLElement>(`[data-cell="${String(row)}:${String(column)}"]`);
      cell?.focus();
      if ((!cell || document.activeElement !== cell) && left > 0)
        window.requestAnimationFrame(() => {
          attempt(left - 1);
        });
    };
    window.requestAnimationFrame(() => {
      attempt(20);
    });
  };
  useEffect(() => {
    if (!wanted) return;
    const column =
      typeof wanted.column === "number"
        ? wanted.column
        : columns.findIndex((each) => each.name === wanted.column);
    focus(wanted.row, Math.max(0, column));
    // Only when another cell is wanted.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted]);
  const items = rows.getVirtualItems();
  const [above, below] = [items[0]?.start ?? 0, rows.getTotalSize() - (items.at(-1)?.end ?? 0)];

  const onKey = (event: React.KeyboardEvent, row: number, column: number): void => {
    const down = event.key === "ArrowDown" || (event.key === "Enter" && !event.shiftKey);
    const up = event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey);
    if (event.altKey && (event.key === "ArrowDown" || event.key === "ArrowUp") && row < count) {
      const to = row + (event.key === "ArrowDown" ? 1 : -1);
      onChange(withRowMoved(table, row, to));
      focus(Math.min(Math.max(0, to), count - 1), column);
    } else if (event.key === "Enter" && event.ctrlKey) {
      onChange(withRow(table, Math.min(row + 1, count)));
      focus(row + 1, column);
    } else if (event.key === "Delete" && event.ctrlKey && row < count) {
      onChange(withoutRow(table, row));
      focus(Math.max(0, Math.min(row, count - 2)), column);
    } else if (event.key === "Enter" && down && row === count - 1 && !isReadOnly) {
      onChange(withRow(table, count));
      focus(count, column);
    } else if (down && row < count - 1) focus(row + 1, column);
    else if (up && row > 0) focus(row - 1, column);
    else return;
    event.preventDefault();
  };
  const cell = (row: number, column: GridColumn, index: number): React.JSX.Element => {
    const own = placeOfCell(table, row, column);
    const message = wrong.get(own);
    const isHere = at?.row === row && at.column === index;
    return (
      <td key={`${column.part}:${column.name}`} className={`cell-${column.part}`}>
        <input
          data-cell={`${String(row)}:${String(index)}`}
          data-place={`${place}/${own}`}
          aria-label={
            row < count
              ? t("{title}, row {n}", { title: column.part === "note" ? t("Note") : column.name, n: row + 1 })
              : t("{title}, otherwise", { title: column.name })
          }
          aria-invalid={message === undefined ? undefined : true}
          title={message}
          placeholder={column.part === "when" ? t("any value") : ""}
          value={isHere && typed !== null ? typed : textAt(table, row, column)}
          readOnly={isReadOnly}
          autoComplete="off"
          spellCheck={false}
          onFocus={() => {
            setAt({ row, column: index });
            setTyped(null);
          }}
          onBlur={() => {
            setTyped(null);
          }}
          onChange={(event) => {
            setTyped(event.target.value);
            onChange(withText(table, row, column, event.target.value));
          }}
          onKeyDown={(event) => {
            onKey(event, row, index);
          }}
          onPaste={(event) => {
            const text = event.clipboardData.getData("text");
            if (isReadOnly || !/[\t\n]/.test(text)) return;
            event.preventDefault();
            setTyped(null);
            onChange(withPasted(table, columns, row, index, text));
          }}
        />
      </td>
    );
  };
  const focused = at ? columns[at.column] : undefined;
  return (
    <>
      <CellBar
        table={table}
        at={at}
        column={focused}
        problem={at && focused ? (wrong.get(placeOfCell(table, at.row, focused)) ?? "") : ""}
        onChange={(text) => {
          if (!at || !focused) return;
          setTyped(null);
          onChange(withText(table, at.row, focused, text));
        }}
      />
      <div className="rules-box" ref={box} role="region" aria-label={t("Rows of the table")} tabIndex={0}>
        <table className="table cells" aria-rowcount={count + 1}>
          <thead>
            <tr>
              <th scope="col">{t("No.")}</th>
              {columns.map((each) => (
                <ColumnHead
                  key={`${each.part}:${each.name}`}
                  column={each}
                  table={table}
                  onChange={onChange}
                  onKinds={onKinds}
                />
              ))}
              <th scope="col">
                <span className="hidden-visually">{t("What to do")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {above > 0 ? <tr aria-hidden="true" style={{ height: above }} /> : null}
            {items.map(({ index }) => (
              <tr
                key={index}
                aria-rowindex={index + 2}
                className={matched.includes(index + 1) ? "matched" : ""}
                style={{ height: ROW_HEIGHT }}
              >
                <th scope="row">{index + 1}</th>
                {columns.map((each, column) => cell(index, each, column))}
                <td className="cell-tools">
                  {isReadOnly ? null : <RowTools table={table} at={index} onChange={onChange} />}
                </td>
              </tr>
            ))}
            {below > 0 ? <tr aria-hidden="true" style={{ height: below }} /> : null}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t("else")}</th>
              {columns.map((each, column) =>
                each.part === "give" ? cell(count, each, column) : <td key={`${each.part}:${each.name}`} />,
              )}
              <td>
                {table.default && !isReadOnly ? (
                  <button
                    type="button"
                    className="small"
                    aria-label={t("Have no default")}
                    onClick={() => {
                      const { default: _, ...others } = table;
                      onChange(others);
                    }}
                  >
                    ×
                  </button>
                ) : null}
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
      {isReadOnly ? null : (
        <p className="row">
          <button
            type="button"
            className="small"
            onClick={() => {
              onChange(withRow(table, count));
              focus(count, 0);
            }}
          >
            {t("Add a row")}
          </button>
          <small className="muted">
            {t(
              "Enter goes down, Ctrl+Enter adds a row, Alt+↑↓ moves it, Ctrl+Delete removes it. Cells of a spreadsheet can be pasted.",
            )}
          </small>
        </p>
      )}
    </>
  );
}

function RowTools({
  table,
  at,
  onChange,
}: {
  table: RuleTable;
  at: number;
  onChange: (table: RuleTable) => void;
}): React.JSX.Element {
  const row = table.rows[at];
  const tool = (label: string, sign: string, isOff: boolean, made: () => RuleTable): React.JSX.Element => (
    <button
      type="button"
      className="small"
      tabIndex={-1}
      aria-label={label}
      title={label}
      disabled={isOff}
      onClick={() => {
        onChange(made());
      }}
    >
      {sign}
    </button>
  );
  return (
    <>
      {tool(t("Move row {n} up", { n: at + 1 }), "↑", at === 0, () => withRowMoved(table, at, at - 1))}
      {tool(t("Move row {n} down", { n: at + 1 }), "↓", at === table.rows.length - 1, () =>
        withRowMoved(table, at, at + 1),
      )}
      {tool(t("Duplicate row {n}", { n: at + 1 }), "+", false, () => withRow(table, at + 1, row))}
      {tool(t("Remove row {n}", { n: at + 1 }), "×", false, () => withoutRow(table, at))}
    </>
  );
}
