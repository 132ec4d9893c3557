import { useState } from "react";

import type { Schema } from "../api/shapes";
import type { JsonObject } from "../document/types";
import { t } from "../text";
import type { ControlProps } from "./Control";
import { useForm } from "./FormContext";
import { cellOf, columnsOf, offeredNames, openField, tidied, withCell } from "./grid";
import { emptyOf, resolved } from "./schema";

/** Rows as a table: a cell for each field, several texts in one with commas between them. */
export function Grid({ field, root, value, place, onChange }: ControlProps): React.JSX.Element {
  const { isReadOnly, problemsAt } = useForm();
  const [added, setAdded] = useState<readonly string[]>([]);
  const [name, setName] = useState("");
  const rows = (Array.isArray(value) ? value : []) as readonly JsonObject[];
  const schema = resolved((field.schema["items"] ?? {}) as Schema, root);
  const columns = columnsOf(schema, root, rows, added);
  const open = openField(schema, root);
  const put = (at: number, row: JsonObject): void => {
    onChange(rows.map((each, index) => (index === at ? row : each)));
  };
  const move = (at: number): void => {
    const made = [...rows];
    made.splice(at - 1, 0, ...made.splice(at, 1));
    onChange(made);
  };
  return (
    <div className="fields">
      <div className="table-box grid-box" role="region" aria-label={field.title} tabIndex={0}>
        <table className="table cells">
          <thead>
            <tr>
              <th scope="col">{t("No.")}</th>
              {columns.map((each) => (
                <th key={each.path.join("/")} scope="col">
                  {each.title}
                </th>
              ))}
              <th scope="col">
                <span className="hidden-visually">{t("What to do")}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row, at) => (
              <tr key={at}>
                <th scope="row">{at + 1}</th>
                {columns.map((each) => (
                  <td key={each.path.join("/")}>
                    <input
                      aria-label={`${each.title}, ${t("row {n}", { n: at + 1 })}`}
                      value={cellOf(row, each)}
                      readOnly={isReadOnly}
                      autoComplete="off"
                      spellCheck={false}
                      onChange={(event) => {
                        put(at, withCell(row, each, event.target.value));
                      }}
                      onBlur={() => {
                        if (/,\s*$/.test(cellOf(row, each))) put(at, tidied(row, each));
                      }}
                    />
                  </td>
                ))}
                <td className="cell-tools">
                  {isReadOnly ? null : (
                    <>
                      <button
                        type="button"
                        className="small"
                        disabled={at === 0}
                        aria-label={t("Move row {n} up", { n: at + 1 })}
                        onClick={() => {
                          move(at);
                        }}
                      >
                        ↑
                      </button>
                      <button
                        type="button"
                        className="small"
                        aria-label={t("Remove row {n}", { n: at + 1 })}
                        onClick={() => {
                          onChange(rows.filter((_, index) => index !== at));
                        }}
                      >
                        ×
                      </button>
                    </>
                  )}
                  {problemsIn(
                    problemsAt,
                    place,
                    at,
                    columns.map((each) => each.path[0]),
                  ).map((wrong) => (
                    <p className="wrong" key={wrong}>
                      {wrong}
                    </p>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {isReadOnly ? null : (
        <div className="row">
          <button
            type="button"
            className="small"
            onClick={() => {
              onChange([...rows, emptyRow(schema, root)]);
            }}
          >
            {t("Add a row")}
          </button>
          {open === null ? null : (
            <>
              <datalist id={`${place}-names`}>
                {offeredNames(schema, root).map((each) => (
                  <option key={each} value={each} />
                ))}
              </datalist>
              <input
                list={`${place}-names`}
                aria-label={t("New column in {title}", { title: field.title })}
                placeholder={t("Name of a field")}
                value={name}
                onChange={(event) => {
                  setName(event.target.value);
                }}
              />
              <button
                type="button"
                className="small"
                disabled={name.trim() === ""}
                onClick={() => {
                  setAdded([...added, name.trim()]);
                  setName("");
                }}
              >
                {t("Add a column")}
              </button>
            </>
          )}
        </div>
      )}
    </div>
  );
}

function problemsIn(
  problemsAt: (place: string) => readonly string[],
  place: string,
  at: number,
  fields: readonly string[],
): string[] {
  const row = `${place}/${String(at)}`;
  return [...problemsAt(row), ...[...new Set(fields)].flatMap((each) => problemsAt(`${row}/${each}`))];
}

function emptyRow(schema: Schema, root: Schema): JsonObject {
  const properties = (schema["properties"] ?? {}) as Record<string, Schema>;
  return Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, emptyOf(each, root)]));
}
