import type { Schema } from "../api/shapes";
import { t } from "../text";
import { objectOf } from "./Control";
import type { ControlProps } from "./Control";
import { FieldEditor } from "./FieldEditor";
import { fieldOf } from "./schema";
import { tableOf } from "./rules/table";
import { Unknown } from "./Unknown";

const TYPES = {
  text: "string",
  number: "number",
  date: "string",
  boolean: "boolean",
  group: "array",
} as const;

/** A value for each column of the rule table beside. */
export function Columns({ field, root, value, place, beside, onChange }: ControlProps): React.JSX.Element {
  const table = tableOf(beside[String(field.schema["x-columns-of"])]);
  const held = objectOf(value);
  const names = new Set(table?.columns.map((each) => each.name));
  const change = (name: string, to: typeof value): void => {
    const others = Object.fromEntries(Object.entries(held).filter(([each]) => each !== name));
    onChange(to === undefined ? others : { ...others, [name]: to });
  };
  if (table?.columns.length === 0) return <p className="help">{t("Give the table a condition first.")}</p>;
  return (
    <div className="fields">
      {table?.columns.map(({ name, kind = "text" }) => {
        const schema: Schema = {
          title: name,
          type: TYPES[kind],
          "x-expression": true,
          "x-placeholder": "trigger." + name,
        };
        return (
          <FieldEditor
            key={name}
            field={fieldOf(name, schema, root, true)}
            root={root}
            value={held[name]}
            place={`${place}/${name}`}
            beside={held}
            onChange={(to) => {
              change(name, to);
            }}
          />
        );
      })}
      {Object.keys(held)
        .filter((name) => !names.has(name))
        .map((name) => (
          <Unknown
            key={name}
            says={t("The table has no column “{name}”.", { name })}
            onRemove={() => {
              change(name, undefined);
            }}
          />
        ))}
    </div>
  );
}
