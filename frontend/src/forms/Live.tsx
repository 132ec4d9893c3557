import { useEffect, useState } from "react";

import type { Preview } from "../api/shapes";
import type { Json } from "../document/types";
import { useForm } from "./FormContext";

const PAUSE_MS = 300;
const LONGEST = 400;

/** The value of what is written, computed by the hub with the data of the last run. */
export function Live({ value, place }: { value: Json; place: string }): React.JSX.Element {
  const { preview } = useForm();
  const [seen, setSeen] = useState<Preview | null>(null);
  const written = JSON.stringify(value);
  useEffect(() => {
    let isCurrent = true;
    const timer = window.setTimeout(() => {
      preview(JSON.parse(written) as Json, place).then(
        (answer) => {
          if (isCurrent) setSeen(answer);
        },
        () => {
          if (isCurrent) setSeen(null);
        },
      );
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [written, place, preview]);
  return (
    <output className={`live${seen?.error ? " none" : ""}`} aria-live="polite">
      {seen === null ? "…" : seen.error ? seen.error : shown(seen.value)}
    </output>
  );
}

function shown(value: Json): string {
  const text = typeof value === "string" ? `“${value}”` : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
