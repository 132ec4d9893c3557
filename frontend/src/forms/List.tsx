import type { Schema } from "../api/shapes";
import type { Json } from "../document/types";
import type { ControlProps } from "./Control";
import { FieldEditor } from "./FieldEditor";
import { useForm } from "./FormContext";
import { emptyOf, fieldOf } from "./schema";
import { t } from "../text";

/** A list of anything, item by item. */
export function List({ field, root, value, place, beside, onChange }: ControlProps): React.JSX.Element {
  const { isReadOnly } = useForm();
  const items = Array.isArray(value) ? (value as readonly Json[]) : [];
  const schema = itemsOf(field.schema);
  const put = (at: number, to: Json | undefined): void => {
    onChange(items.map((each, index) => (index === at ? (to ?? "") : each)));
  };
  const moveUp = (at: number): void => {
    const made = [...items];
    const [moved] = made.splice(at, 1);
    if (moved !== undefined) made.splice(at - 1, 0, moved);
    onChange(made);
  };
  return (
    <div className="fields">
      {items.map((item, at) => {
        const each = fieldOf(
          String(at + 1),
          { title: `${field.title} ${String(at + 1)}`, ...schema },
          root,
          true,
        );
        const named = { ...each, title: `${oneOf(field.title)} ${String(at + 1)}` };
        return (
          <FieldEditor
            key={at}
            field={named}
            root={root}
            value={item}
            place={`${place}/${String(at)}`}
            beside={beside}
            onChange={(to) => {
              put(at, to);
            }}
            tools={
              isReadOnly ? null : (
                <>
                  {at > 0 ? (
                    <button
                      type="button"
                      className="small"
                      aria-label={t("Move {title} up", { title: named.title })}
                      onClick={() => {
                        moveUp(at);
                      }}
                    >
                      ↑
                    </button>
                  ) : null}
                  <button
                    type="button"
                    className="small"
                    aria-label={t("Remove {title}", { title: named.title })}
                    onClick={() => {
                      onChange(items.filter((_, index) => index !== at));
                    }}
                  >
                    ×
                  </button>
                </>
              )
            }
          />
        );
      })}
      {isReadOnly ? null : (
        <div>
          <button
            type="button"
            className="small"
            onClick={() => {
              onChange([...items, emptyOf(schema, root)]);
            }}
          >
            {t("Add to {title}", { title: field.title })}
          </button>
        </div>
      )}
    </div>
  );
}

/** The schema of an item; live choices of the list are those of each item. */
function itemsOf(schema: Schema): Schema {
  const items = (schema["items"] as Schema | undefined) ?? {};
  const shared = Object.fromEntries(
    ["x-choices", "x-depends-on"].flatMap((name) => (name in schema ? [[name, schema[name]]] : [])),
  );
  return { ...shared, ...items };
}

function oneOf(title: string): string {
  return title.endsWith("s") && !title.endsWith("ss") ? title.slice(0, -1) : title;
}
