import type { ControlProps } from "./Control";
import { useForm } from "./FormContext";
import { t } from "../text";

/** A secret goes in and never comes out. Left alone, the one that is set stays. */
export function Secret({
  id,
  field,
  value,
  place,
  described,
  isWrong,
  onChange,
}: ControlProps): React.JSX.Element {
  const { isReadOnly, secretsSet } = useForm();
  const isSet = secretsSet?.has(place) ?? false;
  return (
    <>
      <input
        id={id}
        type="password"
        autoComplete="new-password"
        value={typeof value === "string" ? value : ""}
        placeholder={isSet ? t("has a value; leave it to keep it") : ""}
        required={field.isRequired && !isSet}
        readOnly={isReadOnly}
        aria-describedby={described || undefined}
        aria-invalid={isWrong || undefined}
        onChange={(event) => {
          onChange(event.target.value === "" ? undefined : event.target.value);
        }}
      />
      {isSet && !isReadOnly ? (
        <label className="toggle-line">
          <input
            type="checkbox"
            checked={value === ""}
            onChange={(event) => {
              onChange(event.target.checked ? "" : undefined);
            }}
          />
          {t("Remove it")}
        </label>
      ) : null}
    </>
  );
}
