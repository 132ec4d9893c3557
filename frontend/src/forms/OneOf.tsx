import { useState } from "react";

import type { Schema } from "../api/shapes";
import type { Json } from "../document/types";
import { said, t } from "../text";
import type { ControlProps } from "./Control";
import { useForm } from "./FormContext";

/** One of some words, or a number. */
export function OneOf({ id, field, value, described, isWrong, onChange }: ControlProps): React.JSX.Element {
  const { isReadOnly } = useForm();
  const some = (field.schema["anyOf"] ?? []) as readonly Schema[];
  const words = some.flatMap((each) => (each["enum"] ?? []) as readonly string[]);
  const standard = field.schema["default"] as Json | undefined;
  const [isNumber, setNumber] = useState(typeof value === "number");
  return (
    <div className="row">
      <select
        id={id}
        value={isNumber ? "#" : typeof value === "string" ? value : ""}
        disabled={isReadOnly}
        aria-describedby={described || undefined}
        aria-invalid={isWrong || undefined}
        onChange={(event) => {
          const chosen = event.target.value;
          setNumber(chosen === "#");
          onChange(chosen === "#" ? 1 : chosen === "" ? undefined : chosen);
        }}
      >
        {typeof standard === "string" ? (
          <option value="">{t("{value} (usual)", { value: said(standard) })}</option>
        ) : null}
        {words
          .filter((each) => each !== standard || value === each)
          .map((each) => (
            <option key={each} value={each}>
              {said(each)}
            </option>
          ))}
        <option value="#">{t("a number")}</option>
      </select>
      {isNumber ? (
        <input
          type="number"
          aria-label={t("{title}: number", { title: field.title })}
          min={1}
          step={1}
          value={typeof value === "number" ? value : ""}
          readOnly={isReadOnly}
          onChange={(event) => {
            onChange(event.target.value === "" ? undefined : Number(event.target.value));
          }}
        />
      ) : null}
    </div>
  );
}
