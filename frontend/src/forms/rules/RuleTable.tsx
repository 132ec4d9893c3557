import { lazy, Suspense, useState } from "react";

import { t, tn } from "../../text";
import type { ControlProps } from "../Control";
import { useForm } from "../FormContext";
import { tableOf } from "./table";

const RuleDialog = lazy(async () => ({ default: (await import("./RuleDialog")).RuleDialog }));

/** A rule table in a form: what it holds in short, and the way to the window in which it is written. */
export function RuleTable(props: ControlProps): React.JSX.Element {
  const { field, value, place, onChange } = props;
  const { problemsAt, soughtField, isReadOnly } = useForm();
  // A new step asks for the table as a whole: then the button is focused, and the window stays closed.
  const isSought = soughtField.startsWith(`${place}/`);
  const [isOpen, setOpen] = useState(isSought);
  const [sought, setSought] = useState(soughtField);
  if (sought !== soughtField) {
    // A problem was chosen: the window opens at its place.
    setSought(soughtField);
    if (isSought) setOpen(true);
  }
  const table = tableOf(value);
  if (!table) {
    return (
      <div className="notice bad">
        <p>{t("This has not the shape of a rule table.")}</p>
        <button
          type="button"
          className="small"
          onClick={() => {
            onChange(undefined);
          }}
        >
          {t("Begin a new table")}
        </button>
      </div>
    );
  }
  const wrong = problemsAt(place);
  return (
    <div className="rule-summary" data-place={place}>
      <p>
        {`${tn("{n} condition", "{n} conditions", table.columns.length)}, ${tn("{n} row", "{n} rows", table.rows.length)}, `}
        {table.match === "all" ? t("every matching row counts") : t("the first matching row counts")}
        {table.default ? `, ${t("with a default")}` : ""}
      </p>
      {wrong.map((each) => (
        <p className="wrong" key={each}>
          {each}
        </p>
      ))}
      <button
        type="button"
        onClick={() => {
          setOpen(true);
        }}
      >
        {isReadOnly ? t("Look at the table") : t("Edit the table")}
      </button>
      {isOpen ? (
        <Suspense fallback={null}>
          <RuleDialog
            title={field.title}
            table={table}
            place={place}
            sought={isSought ? soughtField.slice(place.length + 1) : ""}
            record={props.beside["record"] ?? null}
            onChange={(made) => {
              onChange(JSON.parse(JSON.stringify(made)) as typeof value);
            }}
            onClose={() => {
              setOpen(false);
            }}
          />
        </Suspense>
      ) : null}
    </div>
  );
}
