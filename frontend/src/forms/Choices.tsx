import { useEffect, useState } from "react";

import type { Choice } from "../api/shapes";
import type { Json } from "../document/types";
import type { ControlProps } from "./Control";
import { fromText, toText } from "./expressions";
import { useForm } from "./FormContext";
import { t } from "../text";

/** A field whose values the connected service knows. Another value can be written all the same. */
export function Choices(props: ControlProps): React.JSX.Element {
  const { id, field, value, beside, described, isWrong, onChange } = props;
  const { isReadOnly, choices } = useForm();
  const [items, setItems] = useState<readonly Choice[]>([]);
  const [said, setSaid] = useState(t("Asking the service…"));
  const [isWanted, setWanted] = useState(value !== undefined);
  const list = String(field.schema["x-choices"]);
  const needs = (field.schema["x-depends-on"] as string[] | undefined) ?? [];
  const given = JSON.stringify(Object.fromEntries(needs.map((name) => [name, beside[name] ?? null])));

  useEffect(() => {
    if (!isWanted || choices === null) return undefined;
    let isCurrent = true;
    choices(list, JSON.parse(given) as Record<string, Json>).then(
      (found) => {
        if (!isCurrent) return;
        setItems(found);
        setSaid(found.length === 0 ? t("The service offers nothing to choose from.") : "");
      },
      (trouble: unknown) => {
        if (isCurrent)
          setSaid(trouble instanceof Error ? trouble.message : t("The choices could not be loaded."));
      },
    );
    return () => {
      isCurrent = false;
    };
  }, [isWanted, choices, list, given]);

  const text = typeof value === "string" ? toText(value) : "";
  const chosen = items.find((item) => item.value === text);
  return (
    <>
      <input
        id={id}
        list={`${id}-list`}
        value={text}
        autoComplete="off"
        readOnly={isReadOnly}
        aria-describedby={described || undefined}
        aria-invalid={isWrong || undefined}
        onFocus={() => {
          setWanted(true);
        }}
        onChange={(event) => {
          onChange(event.target.value === "" ? undefined : fromText(event.target.value));
        }}
      />
      <datalist id={`${id}-list`}>
        {items.map((item) => (
          <option
            key={item.value}
            value={item.value}
            label={item.label === item.value ? item.help : item.label}
          />
        ))}
      </datalist>
      {chosen && chosen.label !== chosen.value ? <p className="help">{chosen.label}</p> : null}
      {said && isWanted ? (
        <p className="help" role="status">
          {said}
        </p>
      ) : null}
    </>
  );
}
