import { useId } from "react";

import { t } from "../text";

/** One of several, with a title; the first choice is any of them. */
export function Select({
  title,
  value,
  options,
  any,
  onChange,
}: {
  title: string;
  value: string;
  options: readonly (readonly [string, string])[];
  /** What the empty choice says; without it "any". */
  any?: string;
  onChange: (to: string) => void;
}): React.JSX.Element {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{title}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      >
        <option value="">{any ?? t("any")}</option>
        {options.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}

/** Words to look for. */
export function Search({
  title,
  value,
  onChange,
}: {
  title: string;
  value: string;
  onChange: (to: string) => void;
}): React.JSX.Element {
  const id = useId();
  return (
    <div className="field wide">
      <label htmlFor={id}>{title}</label>
      <input
        id={id}
        type="search"
        autoComplete="off"
        value={value}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
    </div>
  );
}
