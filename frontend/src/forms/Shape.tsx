import { useId, useState } from "react";

import type { Json } from "../document/types";
import { said, t } from "../text";
import { Anything } from "./Anything";
import type { ControlProps } from "./Control";
import { useForm } from "./FormContext";
import { KINDS, nameFor, readShape, writeShape } from "./shape";
import type { GivenField, GivenKind } from "./shape";

/** The fields that somebody gives, one below the other; as JSON where the schema says more than they can. */
export function Shape(props: ControlProps): React.JSX.Element {
  const { value, onChange } = props;
  const { isReadOnly } = useForm();
  const [isJson, setIsJson] = useState(false);
  const fields = readShape(value);
  const put = (made: readonly GivenField[]): void => {
    onChange(writeShape(made) as Json | undefined);
  };
  return (
    <div className="fields">
      {fields === null || isJson ? (
        <>
          {fields === null ? (
            <p className="help">{t("This JSON Schema says more than a list of fields can show.")}</p>
          ) : null}
          <label htmlFor={props.id} className="hidden-visually">
            {t("JSON Schema")}
          </label>
          <Anything {...props} />
        </>
      ) : (
        fields.map((each, at) => (
          <Given
            key={at}
            field={each}
            number={at + 1}
            others={fields.filter((_, index) => index !== at).map(({ name }) => name)}
            onChange={(to) => {
              put(fields.map((held, index) => (index === at ? to : held)));
            }}
            onUp={
              at === 0
                ? null
                : () => {
                    const made = [...fields];
                    made.splice(at - 1, 0, ...made.splice(at, 1));
                    put(made);
                  }
            }
            onRemove={() => {
              put(fields.filter((_, index) => index !== at));
            }}
          />
        ))
      )}
      <div className="row">
        {isReadOnly || fields === null || isJson ? null : (
          <button
            type="button"
            className="small"
            onClick={() => {
              const name = nameFor(
                "",
                fields.map((each) => each.name),
              );
              put([...fields, { name, title: "", kind: "text", options: [], isRequired: false }]);
            }}
          >
            {t("Add a field")}
          </button>
        )}
        {fields === null ? null : (
          <button
            type="button"
            className="small"
            onClick={() => {
              setIsJson(!isJson);
            }}
          >
            {isJson ? t("Show as fields") : t("Show as JSON Schema")}
          </button>
        )}
      </div>
    </div>
  );
}

function Given({
  field,
  number,
  others,
  onChange,
  onUp,
  onRemove,
}: {
  field: GivenField;
  number: number;
  others: readonly string[];
  onChange: (field: GivenField) => void;
  onUp: (() => void) | null;
  onRemove: () => void;
}): React.JSX.Element {
  const { isReadOnly } = useForm();
  const id = useId();
  const title = t("Field {n}", { n: number });
  // A name that follows the title as it is written, until somebody gives one.
  const follows = field.name === nameFor(field.title, others) || /^field_\d+$/.test(field.name);
  return (
    <fieldset className="field big">
      <legend>{title}</legend>
      <div className="field">
        <div className="field-head">
          <label htmlFor={`${id}-title`}>{t("What people read")}</label>
          {isReadOnly ? null : (
            <span className="field-tools">
              {onUp ? (
                <button
                  type="button"
                  className="small"
                  aria-label={t("Move {title} up", { title })}
                  onClick={onUp}
                >
                  ↑
                </button>
              ) : null}
              <button
                type="button"
                className="small"
                aria-label={t("Remove {title}", { title })}
                onClick={onRemove}
              >
                ×
              </button>
            </span>
          )}
        </div>
        <input
          id={`${id}-title`}
          value={field.title}
          readOnly={isReadOnly}
          autoComplete="off"
          onChange={({ target }) => {
            onChange({
              ...field,
              title: target.value,
              name: follows ? nameFor(target.value, others) : field.name,
            });
          }}
        />
      </div>
      <Name id={`${id}-name`} field={field} others={others} onChange={onChange} />
      <div className="field">
        <label htmlFor={`${id}-kind`}>{t("What it is")}</label>
        <select
          id={`${id}-kind`}
          value={field.kind}
          disabled={isReadOnly}
          onChange={({ target }) => {
            const kind = target.value as GivenKind;
            onChange({ ...field, kind, options: kind === "choice" ? [t("first choice")] : [] });
          }}
        >
          {KINDS.map((kind) => (
            <option key={kind} value={kind}>
              {said(kind)}
            </option>
          ))}
        </select>
      </div>
      {field.kind === "choice" ? <Options id={`${id}-options`} field={field} onChange={onChange} /> : null}
      <label className="toggle-line">
        <input
          type="checkbox"
          checked={field.isRequired}
          disabled={isReadOnly}
          onChange={({ target }) => {
            onChange({ ...field, isRequired: target.checked });
          }}
        />
        {t("It has to be given")}
      </label>
    </fieldset>
  );
}

/** Taken when it is left: half a name may be that of another field. */
function Name({
  id,
  field,
  others,
  onChange,
}: {
  id: string;
  field: GivenField;
  others: readonly string[];
  onChange: (field: GivenField) => void;
}): React.JSX.Element {
  const { isReadOnly } = useForm();
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <div className="field">
      <label htmlFor={id}>{t("Name in expressions")}</label>
      <input
        id={id}
        className="code"
        value={draft ?? field.name}
        readOnly={isReadOnly}
        autoComplete="off"
        spellCheck={false}
        aria-describedby={`${id}-help`}
        onChange={({ target }) => {
          setDraft(target.value);
        }}
        onBlur={() => {
          if (draft !== null && draft !== field.name) onChange({ ...field, name: nameFor(draft, others) });
          setDraft(null);
        }}
      />
      <p className="help" id={`${id}-help`}>
        {t("Steps read it as {path}.", { path: `trigger.${field.name}` })}
      </p>
    </div>
  );
}

function Options({
  id,
  field,
  onChange,
}: {
  id: string;
  field: GivenField;
  onChange: (field: GivenField) => void;
}): React.JSX.Element {
  const { isReadOnly } = useForm();
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <div className="field">
      <label htmlFor={id}>{t("Choices, one on each line")}</label>
      <textarea
        id={id}
        rows={Math.max(3, field.options.length + 1)}
        value={draft ?? field.options.join("\n")}
        readOnly={isReadOnly}
        onChange={({ target }) => {
          setDraft(target.value);
          const options = [...new Set(target.value.split("\n").map((each) => each.trim()))].filter(Boolean);
          if (options.length > 0) onChange({ ...field, options });
        }}
        onBlur={() => {
          setDraft(null);
        }}
      />
    </div>
  );
}
