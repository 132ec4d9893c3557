import { useState } from "react";

import type { Schema } from "../api/shapes";
import { objectOf } from "./Control";
import type { ControlProps } from "./Control";
import { FieldEditor } from "./FieldEditor";
import { useForm } from "./FormContext";
import { emptyOf, fieldOf } from "./schema";
import { t } from "../text";

/** An object whose names are free: names and values. */
export function Entries({ field, root, value, place, onChange }: ControlProps): React.JSX.Element {
  const { isReadOnly } = useForm();
  const [name, setName] = useState("");
  const held = objectOf(value);
  const inner = field.schema["additionalProperties"];
  const schema: Schema = inner !== null && typeof inner === "object" ? (inner as Schema) : {};
  const add = (): void => {
    const wanted = name.trim();
    if (wanted === "" || wanted in held) return;
    onChange({ ...held, [wanted]: emptyOf(schema, root) });
    setName("");
  };
  return (
    <div className="fields">
      {Object.entries(held).map(([each, item]) => (
        <FieldEditor
          key={each}
          field={{ ...fieldOf(each, schema, root), title: each }}
          root={root}
          value={item}
          place={`${place}/${each}`}
          beside={held}
          onChange={(to) => {
            onChange({ ...held, [each]: to ?? "" });
          }}
          tools={
            isReadOnly ? null : (
              <button
                type="button"
                className="small"
                aria-label={t("Remove {title}", { title: each })}
                onClick={() => {
                  onChange(Object.fromEntries(Object.entries(held).filter(([other]) => other !== each)));
                }}
              >
                ×
              </button>
            )
          }
        />
      ))}
      {isReadOnly ? null : (
        <div className="row">
          <input
            aria-label={t("New name in {title}", { title: field.title })}
            placeholder={t("Name")}
            value={name}
            onChange={(event) => {
              setName(event.target.value);
            }}
            onKeyDown={(event) => {
              if (event.key === "Enter") add();
            }}
          />
          <button
            type="button"
            className="small"
            onClick={add}
            disabled={name.trim() === "" || name.trim() in held}
          >
            {t("Add")}
          </button>
        </div>
      )}
    </div>
  );
}
