import type { Json, JsonObject } from "../document/types";
import { AnyValue } from "./AnyValue";
import { Anything } from "./Anything";
import { Choices } from "./Choices";
import { Columns } from "./Columns";
import type { FieldProps } from "./FieldEditor";
import { fromText, toText } from "./expressions";
import { Fields } from "./Fields";
import { useForm } from "./FormContext";
import type { Offering } from "./FormContext";
import { Grid } from "./Grid";
import { List } from "./List";
import { OneOf } from "./OneOf";
import { Entries } from "./Entries";
import { RuleTable } from "./rules/RuleTable";
import { Secret } from "./Secret";
import { Shape } from "./Shape";
import { said, t } from "../text";

export interface ControlProps extends FieldProps {
  readonly id: string;
  readonly described: string;
  readonly isWrong: boolean;
}

/** The control that suits a field. */
export function Control(props: ControlProps): React.JSX.Element {
  const { field, value, place, root, onChange } = props;
  switch (field.control) {
    case "text":
      return <Text {...props} />;
    case "number":
      return <Numeric {...props} />;
    case "boolean":
      return <Check {...props} />;
    case "enum":
      return <Select {...props} />;
    case "choices":
      return <Choices {...props} />;
    case "offers":
      return <Offers {...props} />;
    case "schema-of":
      return <SchemaOf {...props} />;
    case "secret":
      return <Secret {...props} />;
    case "list":
      return <List {...props} />;
    case "grid":
      return <ListOrGrid {...props} />;
    case "object":
      return (
        <Fields schema={field.schema} root={root} value={objectOf(value)} place={place} onChange={onChange} />
      );
    case "map":
      return <Entries {...props} />;
    case "rule-table":
      return <RuleTable {...props} />;
    case "columns":
      return <Columns {...props} />;
    case "one-of":
      return <OneOf {...props} />;
    case "shape":
      return <Shape {...props} />;
    case "anything":
      // Outside of a workflow nobody knows what it is for: it is written as it is kept.
      return <AnyOrJson {...props} />;
  }
}

function Text({ id, field, value, described, isWrong, onChange }: ControlProps): React.JSX.Element {
  const { isReadOnly, isPlain = false, mayCompute = true } = useForm();
  const isAsWritten = isPlain || !mayCompute || field.isLiteral;
  const lines = field.schema["x-lines"];
  const shared = {
    id,
    value:
      typeof value === "string"
        ? isAsWritten
          ? value
          : toText(value)
        : value === undefined
          ? ""
          : JSON.stringify(value),
    placeholder: plainText(field.schema["x-placeholder"] ?? field.schema["default"]),
    readOnly: isReadOnly,
    required: field.isRequired,
    "aria-describedby": described || undefined,
    "aria-invalid": isWrong || undefined,
    onChange: (event: { target: { value: string } }) => {
      const text = event.target.value;
      onChange(text === "" && !field.isRequired ? undefined : isAsWritten ? text : fromText(text));
    },
  };
  if (typeof lines === "number" || shared.value.includes("\n")) {
    return <textarea {...shared} rows={typeof lines === "number" ? lines : 3} />;
  }
  const isDate = isPlain && field.schema["format"] === "date";
  return <input {...shared} type={isDate ? "date" : "text"} autoComplete="off" />;
}

function Numeric({ id, field, value, described, isWrong, onChange }: ControlProps): React.JSX.Element {
  const { isReadOnly } = useForm();
  const standard = field.schema["default"];
  return (
    <input
      id={id}
      type="number"
      required={field.isRequired}
      step={field.schema["type"] === "integer" ? 1 : "any"}
      value={typeof value === "number" ? value : ""}
      placeholder={typeof standard === "number" ? String(standard) : ""}
      readOnly={isReadOnly}
      aria-describedby={described || undefined}
      aria-invalid={isWrong || undefined}
      onChange={(event) => {
        onChange(event.target.value === "" ? undefined : Number(event.target.value));
      }}
    />
  );
}

function Check({ id, field, value, described, onChange }: ControlProps): React.JSX.Element {
  const { isReadOnly } = useForm();
  return (
    <input
      id={id}
      type="checkbox"
      checked={value === undefined ? field.schema["default"] === true : value === true}
      disabled={isReadOnly}
      aria-describedby={described || undefined}
      onChange={(event) => {
        onChange(event.target.checked);
      }}
    />
  );
}

function Select({ id, field, value, described, isWrong, onChange }: ControlProps): React.JSX.Element {
  const { isReadOnly } = useForm();
  const options = field.schema["enum"] as Json[];
  const standard = field.schema["default"];
  return (
    <select
      id={id}
      value={value === undefined ? "" : JSON.stringify(value)}
      disabled={isReadOnly}
      aria-describedby={described || undefined}
      aria-invalid={isWrong || undefined}
      onChange={(event) => {
        onChange(event.target.value === "" ? undefined : (JSON.parse(event.target.value) as Json));
      }}
    >
      <option value="">
        {plainText(standard) === ""
          ? field.isRequired
            ? t("Choose…")
            : ""
          : t("{value} (usual)", { value: wordsFor(plainText(standard)) })}
      </option>
      {options.map((each) => (
        <option key={JSON.stringify(each)} value={JSON.stringify(each)}>
          {typeof each === "string" ? wordsFor(each) : JSON.stringify(each)}
        </option>
      ))}
    </select>
  );
}

function AnyOrJson(props: ControlProps): React.JSX.Element {
  return useForm().isPlain ? <Anything {...props} /> : <AnyValue {...props} />;
}

/** Rows of plain cells are a table; within a workflow, where each cell may be computed, a list. */
function ListOrGrid(props: ControlProps): React.JSX.Element {
  return useForm().isPlain ? <Grid {...props} /> : <List {...props} />;
}

function offeringOf(held: unknown): Offering {
  return held !== null && typeof held === "object" ? held : plainText(held);
}

/** One of a list that the hub itself has. */
function Offers({ id, field, value, beside, described, isWrong, onChange }: ControlProps): React.JSX.Element {
  const { isReadOnly, offers } = useForm();
  const items = offers(
    plainText(field.schema["x-offers"]) || "connections",
    beside,
    offeringOf(field.schema["x-connection"]),
  );
  const held = typeof value === "string" ? value : "";
  return (
    <select
      id={id}
      value={held}
      disabled={isReadOnly}
      aria-describedby={described || undefined}
      aria-invalid={isWrong || undefined}
      onChange={(event) => {
        onChange(event.target.value === "" ? undefined : event.target.value);
      }}
    >
      <option value="">{items.length === 0 ? t("There is nothing to choose from") : t("Choose…")}</option>
      {held !== "" && !items.some((item) => item.value === held) ? (
        <option value={held}>{t("{name} (not here)", { name: held })}</option>
      ) : null}
      {items.map((item) => (
        <option key={item.value} value={item.value}>
          {item.label}
        </option>
      ))}
    </select>
  );
}

/** The input of what another field names, with the form that its own schema asks for. */
function SchemaOf(props: ControlProps): React.JSX.Element {
  const { field, value, beside, place, onChange } = props;
  const { schemaOf } = useForm();
  const named = beside[plainText(field.schema["x-schema-of"])];
  const schema = typeof named === "string" ? schemaOf(named) : null;
  if (!schema) return <p className="help">{t("Choose what it is for first.")}</p>;
  return <Fields schema={schema} root={schema} value={objectOf(value)} place={place} onChange={onChange} />;
}

export function objectOf(value: Json | undefined): JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** A word of a schema as people read it: "run_once" is "run once". */
function wordsFor(word: string): string {
  const translated = said(word);
  return translated === word && /^[a-z]+(_[a-z]+)+$/.test(word) ? word.replaceAll("_", " ") : translated;
}

/** A value that a person can read as it is, else nothing. */
function plainText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}
