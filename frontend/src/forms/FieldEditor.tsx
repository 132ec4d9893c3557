import { useEffect, useId, useRef, useState } from "react";

import type { Schema } from "../api/shapes";
import type { Json, JsonObject } from "../document/types";
import { Control } from "./Control";
import { ExpressionInput } from "./ExpressionInput";
import { fromText, holdsExpression, isWhole, withPath } from "./expressions";
import { useForm } from "./FormContext";
import { Live } from "./Live";
import { typeOf } from "./schema";
import "./forms.css";
import type { Field } from "./schema";
import { t } from "../text";

export interface FieldProps {
  readonly field: Field;
  readonly root: Schema;
  readonly value: Json | undefined;
  /** Where it stands in the step: "input/to". */
  readonly place: string;
  /** The values of the fields beside it, which live choices may depend on. */
  readonly beside: JsonObject;
  readonly onChange: (value: Json | undefined) => void;
  /** Buttons beside the label, such as those of an item of a list. */
  readonly tools?: React.ReactNode;
}

const BIG: ReadonlySet<string> = new Set([
  "list",
  "grid",
  "object",
  "map",
  "schema-of",
  "rule-table",
  "columns",
  "shape",
]);

/** One field of a form: its words, the control that suits it or an expression, what is wrong, and its value live. */
export function FieldEditor(props: FieldProps): React.JSX.Element {
  const { field, value, place, onChange, tools } = props;
  const { isReadOnly, isPlain = false, mayCompute = true, problemsAt, soughtField, onFocus } = useForm();
  const isLiteral = isPlain || field.isLiteral || (!mayCompute && !field.isExpression);
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const [startsEmpty] = useState(field.control === "anything" && value === undefined);
  const isExpression =
    !isLiteral && (field.isExpression || isWhole(value) || (startsEmpty && value === undefined));
  const wrong = problemsAt(place);
  const isBig = BIG.has(field.control) && !isExpression;

  useEffect(() => {
    if (soughtField !== place) return;
    box.current?.scrollIntoView({ block: "center" });
    const controls = box.current?.querySelector<HTMLElement>("input, textarea, select");
    (controls ?? box.current?.querySelector<HTMLElement>("button"))?.focus();
  }, [soughtField, place]);

  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  }, [value]);
  const noteFocus = (): void => {
    if (isBig) return;
    onFocus((path) => {
      const control = box.current?.querySelector<HTMLInputElement | HTMLTextAreaElement>("input, textarea");
      const end = control?.value.length ?? 0;
      const from = control?.selectionStart ?? end;
      const to = control?.selectionEnd ?? end;
      const isText = typeOf(field.schema) === "string" && !field.isExpression;
      const held = field.isExpression && !isWhole(latest.current) ? "=" : latest.current;
      onChange(withPath(held, path, isText, from, to).value);
      window.requestAnimationFrame(() => {
        box.current?.querySelector<HTMLElement>("input, textarea")?.focus();
      });
    });
  };

  const controlId = `${id}-control`;
  const described = [field.help ? `${id}-help` : "", wrong.length ? `${id}-wrong` : ""]
    .filter(Boolean)
    .join(" ");
  const Box = isBig ? "fieldset" : "div";
  return (
    <Box
      className={`field${isBig ? " big" : ""}`}
      ref={box as React.RefObject<HTMLFieldSetElement & HTMLDivElement>}
      onFocus={(event: React.FocusEvent) => {
        if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement)
          noteFocus();
        if (isBig) return;
        event.stopPropagation();
      }}
      data-place={place}
    >
      {isBig ? (
        <legend>
          {field.title}
          <Mark isRequired={field.isRequired} />
        </legend>
      ) : null}
      <div className="field-head">
        {isBig ? null : (
          <label htmlFor={controlId}>
            {field.title}
            <Mark isRequired={field.isRequired} />
          </label>
        )}
        <span className="field-tools">
          {tools}
          {field.isExpression || isReadOnly || isLiteral ? null : (
            <button
              type="button"
              className="small toggle"
              aria-pressed={isExpression}
              aria-label={t("{title}: expression", { title: field.title })}
              title={isExpression ? t("Use a plain value") : t("Compute it with an expression")}
              onClick={() => {
                onChange(isExpression ? plainOf(value, field) : expressionOf(value));
              }}
            >
              =
            </button>
          )}
        </span>
      </div>
      {isExpression ? (
        <ExpressionInput
          id={controlId}
          value={typeof value === "string" && isWhole(value) ? value.slice(1) : shownBoolean(value)}
          placeholder={placeholderOf(field.schema)}
          isReadOnly={isReadOnly}
          described={described}
          isWrong={wrong.length > 0}
          onChange={(text) => {
            onChange(text === "" && !isWhole(value) ? undefined : `=${text}`);
          }}
        />
      ) : (
        <Control {...props} id={controlId} described={described} isWrong={wrong.length > 0} />
      )}
      {field.help ? (
        <p className="help" id={`${id}-help`}>
          {field.help}
        </p>
      ) : null}
      {wrong.length ? (
        <p className="wrong" id={`${id}-wrong`}>
          {wrong.join(" ")}
        </p>
      ) : null}
      {!isLiteral && !isBig && holdsExpression(value) && value !== "=" ? (
        <Live value={value ?? null} place={place} />
      ) : null}
    </Box>
  );
}

function Mark({ isRequired }: { isRequired: boolean }): React.JSX.Element | null {
  return isRequired ? (
    <span className="required" title={t("Needed")} aria-hidden="true">
      {" *"}
    </span>
  ) : null;
}

function placeholderOf(schema: Schema): string {
  const given = schema["x-placeholder"];
  return typeof given === "string" ? given : "";
}

function shownBoolean(value: Json | undefined): string {
  return typeof value === "boolean" ? String(value) : "";
}

/** What is there, written as an expression. */
function expressionOf(value: Json | undefined): string {
  if (value === undefined || value === "") return "=";
  return `=${JSON.stringify(value)}`;
}

/** The plain value of an expression that is one literal, else nothing. */
function plainOf(value: Json | undefined, field: Field): Json | undefined {
  if (!isWhole(value)) return field.control === "anything" ? "" : undefined;
  try {
    const held = JSON.parse((value as string).slice(1)) as Json;
    return typeof held === "string" ? fromText(held) : held;
  } catch {
    return field.control === "anything" ? "" : undefined;
  }
}
