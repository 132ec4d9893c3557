import type { Schema } from "../api/shapes";
import type { Json } from "../document/types";
import { t } from "../text";
import type { Text } from "../text";
import { Control } from "./Control";
import type { ControlProps } from "./Control";
import { useForm } from "./FormContext";
import { fieldOf } from "./schema";

type Kind = "text" | "number" | "boolean" | "object" | "list" | "nothing";

const WORDS: Readonly<Record<Kind, Text>> = {
  text: "Text",
  number: "Number",
  boolean: "Yes or no",
  object: "Names and values",
  list: "List",
  nothing: "Nothing",
};
const SCHEMAS: Readonly<Record<Exclude<Kind, "nothing">, Schema>> = {
  text: { type: "string" },
  number: { type: "number" },
  boolean: { type: "boolean" },
  object: { type: "object", additionalProperties: {} },
  list: { type: "array", items: {} },
};

/** A value of any kind: which one is chosen, then it is written as one of that kind. Expressions may stand within. */
export function AnyValue(props: ControlProps): React.JSX.Element {
  const { field, root, value, onChange } = props;
  const { isReadOnly } = useForm();
  const kind = kindOf(value);
  const inner =
    kind === "nothing"
      ? null
      : fieldOf(
          field.name,
          { ...SCHEMAS[kind], title: field.title, "x-placeholder": field.schema["x-placeholder"] },
          root,
        );
  return (
    <div className="any-value">
      <select
        aria-label={t("Kind of {title}", { title: field.title })}
        value={kind}
        disabled={isReadOnly}
        onChange={(event) => {
          onChange(asKind(event.target.value as Kind, value));
        }}
      >
        {(Object.keys(WORDS) as Kind[]).map((each) => (
          <option key={each} value={each}>
            {t(WORDS[each])}
          </option>
        ))}
      </select>
      {inner ? (
        <Control
          {...props}
          field={inner}
          onChange={(to) => {
            onChange(to ?? (kind === "text" ? "" : undefined));
          }}
        />
      ) : null}
    </div>
  );
}

function kindOf(value: Json | undefined): Kind {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "list";
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "object")
    return typeof value as Kind;
  return "text";
}

/** What is there already is kept as far as it can be. */
function asKind(kind: Kind, value: Json | undefined): Json {
  switch (kind) {
    case "text":
      return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
    case "number":
      return typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))
        ? Number(value)
        : 0;
    case "boolean":
      return value === "true";
    case "object":
      return {};
    case "list":
      return value === undefined || value === null || value === "" ? [] : [value];
    case "nothing":
      return null;
  }
}
