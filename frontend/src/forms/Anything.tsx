import { useState } from "react";

import type { Json } from "../document/types";
import type { ControlProps } from "./Control";
import { useForm } from "./FormContext";
import { t } from "../text";

/** Any JSON. What cannot be read as JSON is taken as text. */
export function Anything({ id, value, described, isWrong, onChange }: ControlProps): React.JSX.Element {
  const { isReadOnly } = useForm();
  const [draft, setDraft] = useState<string | null>(null);
  const shown =
    draft ?? (typeof value === "string" ? value : value === undefined ? "" : JSON.stringify(value, null, 2));
  return (
    <textarea
      id={id}
      className="code"
      rows={Math.min(14, Math.max(3, shown.split("\n").length))}
      value={shown}
      placeholder={t("Text, or JSON")}
      spellCheck={false}
      readOnly={isReadOnly}
      aria-describedby={described || undefined}
      aria-invalid={isWrong || undefined}
      onChange={(event) => {
        setDraft(event.target.value);
        onChange(readAs(event.target.value));
      }}
      onBlur={() => {
        setDraft(null);
      }}
    />
  );
}

function readAs(text: string): Json | undefined {
  if (text.trim() === "") return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
