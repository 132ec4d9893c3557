import { useEffect, useState } from "react";

import { Refused } from "../api/hub";
import type { Schedule } from "../api/shapes";
import type { JsonObject } from "../document/types";
import { t } from "../text";
import { scheduleInWords } from "../text/schedules";
import { fullyIn } from "../text/time";
import { useEditorStore } from "./store";

const PAUSE_MS = 400;

/** A schedule in plain words, with its next fires, while it is written. */
export function SchedulePreview({ settings }: { settings: JsonObject }): React.JSX.Element | null {
  const store = useEditorStore();
  const [seen, setSeen] = useState<{ schedule: Schedule | null; wrong: string } | null>(null);
  const written = JSON.stringify(settings);
  const { hub } = store.getState();
  const isEmpty = settings["cron"] === undefined && settings["every_seconds"] === undefined;
  useEffect(() => {
    let isCurrent = true;
    if (isEmpty) return undefined;
    const timer = window.setTimeout(() => {
      hub.post<Schedule>("schedules/preview", { settings: JSON.parse(written) as JsonObject }).then(
        (schedule) => {
          if (isCurrent) setSeen({ schedule, wrong: "" });
        },
        (trouble: unknown) => {
          if (isCurrent) setSeen({ schedule: null, wrong: wordsOf(trouble) });
        },
      );
    }, PAUSE_MS);
    return () => {
      isCurrent = false;
      window.clearTimeout(timer);
    };
  }, [hub, written, isEmpty]);
  if (isEmpty || !seen) return null;
  if (!seen.schedule) return <p className="wrong">{seen.wrong}</p>;
  const zone = typeof settings["zone"] === "string" ? settings["zone"] : "UTC";
  return (
    <div className="fields" aria-live="polite">
      <p>
        <strong>{scheduleInWords(settings, seen.schedule.words)}</strong>
      </p>
      <ol className="attempts" aria-label={t("The next starts")}>
        {seen.schedule.fires.slice(0, 10).map((at) => (
          <li key={at}>
            <time dateTime={at}>{fullyIn(at, zone)}</time>
          </li>
        ))}
      </ol>
    </div>
  );
}

function wordsOf(trouble: unknown): string {
  if (trouble instanceof Refused) {
    const errors = trouble.problem["errors"] as readonly { readonly detail: string }[] | undefined;
    return errors?.map((each) => each.detail).join(" ") ?? trouble.message;
  }
  return trouble instanceof Error ? trouble.message : String(trouble);
}
