import { useId } from "react";

/** A line to write in, with its title, help and what is wrong with it. */
export function Input({
  title,
  value,
  onChange,
  help = "",
  wrong = [],
  type = "text",
  isRequired = false,
  placeholder,
  autoComplete = "off",
}: {
  title: string;
  value: string;
  onChange: (to: string) => void;
  help?: string;
  wrong?: readonly string[];
  type?: "text" | "password" | "email" | "date" | "datetime-local" | "number";
  isRequired?: boolean;
  placeholder?: string;
  autoComplete?: string;
}): React.JSX.Element {
  const id = useId();
  const described = [help ? `${id}-help` : "", wrong.length > 0 ? `${id}-wrong` : ""]
    .filter(Boolean)
    .join(" ");
  return (
    <div className="field">
      <label htmlFor={id}>
        {title}
        {isRequired ? (
          <span className="required" aria-hidden="true">
            {" *"}
          </span>
        ) : null}
      </label>
      <input
        id={id}
        type={type}
        value={value}
        required={isRequired}
        placeholder={placeholder}
        autoComplete={autoComplete}
        autoCapitalize="none"
        spellCheck={false}
        aria-describedby={described || undefined}
        aria-invalid={wrong.length > 0 || undefined}
        onChange={(event) => {
          onChange(event.target.value);
        }}
      />
      {help ? (
        <p className="help" id={`${id}-help`}>
          {help}
        </p>
      ) : null}
      {wrong.length > 0 ? (
        <p className="wrong" id={`${id}-wrong`}>
          {wrong.join(" ")}
        </p>
      ) : null}
    </div>
  );
}
