import type { Schema } from "../api/shapes";
import type { Json, JsonObject } from "../document/types";
import { FieldEditor } from "./FieldEditor";
import { fieldsIn } from "./schema";
import type { Field } from "./schema";
import { t } from "../text";
import { Unknown } from "./Unknown";

export interface FieldsProps {
  readonly schema: Schema;
  readonly root: Schema;
  readonly value: JsonObject;
  readonly place: string;
  readonly onChange: (value: JsonObject) => void;
}

/** The fields of an object, those that are rarely needed behind a fold. */
export function Fields({ schema, root, value, place, onChange }: FieldsProps): React.JSX.Element {
  const fields = fieldsIn(schema, root);
  const known = new Set(fields.map((field) => field.name));
  const unknown = Object.keys(value).filter((name) => !known.has(name));
  const usual = fields.filter((field) => !field.isAdvanced);
  const rare = fields.filter((field) => field.isAdvanced);
  const change = (name: string, to: Json | undefined): void => {
    const { [name]: _, ...others } = value;
    onChange(to === undefined ? others : { ...value, [name]: to });
  };
  const shown = (field: Field): React.JSX.Element => (
    <FieldEditor
      key={field.name}
      field={field}
      root={root}
      value={value[field.name]}
      place={`${place}/${field.name}`}
      beside={value}
      onChange={(to) => {
        change(field.name, to);
      }}
    />
  );
  return (
    <div className="fields">
      {usual.map(shown)}
      {unknown.map((name) => (
        <Unknown
          key={name}
          says={t("There is no field “{name}” here.", { name })}
          onRemove={() => {
            change(name, undefined);
          }}
        />
      ))}
      {rare.length > 0 ? (
        <details open={rare.some((field) => field.name in value)}>
          <summary>{t("More settings")}</summary>
          <div className="fields">{rare.map(shown)}</div>
        </details>
      ) : null}
    </div>
  );
}
