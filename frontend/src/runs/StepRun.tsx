import type { RunStep } from "../api/shapes";
import type { Json } from "../document/types";
import { portWords } from "../editor/portWords";
import { StateBadge } from "./StateBadge";
import { said, t } from "../text";
import { lasted } from "../text/time";

const LONGEST = 20_000;

/** What one step did in a run. */
export function StepRun({ step }: { step: RunStep }): React.JSX.Element {
  return (
    <div className="fields">
      <p className="row">
        <StateBadge state={step.state} />
        <span>{said(step.explanation)}</span>
      </p>
      {step.port ? <p>{t("It was left by {port}.", { port: portWords(step.port) })}</p> : null}
      {step.error ? (
        <div className="notice bad">
          <p>{step.error.message ?? step.error.detail ?? step.error.code}</p>
        </div>
      ) : null}
      <Data title={t("Input")} value={step.input} />
      <Data title={t("Output")} value={step.output} />
      {step.attempts.length > 0 ? (
        <section className="fields">
          <h3>{t("Attempts")}</h3>
          <ol className="attempts">
            {step.attempts.map((attempt) => (
              <li key={attempt.number} value={attempt.number}>
                {said(attempt.state)}
                {attempt.ended_at ? `, ${lasted(attempt.started_at, attempt.ended_at)}` : ""}
                {attempt.error?.message ? `: ${attempt.error.message}` : ""}
              </li>
            ))}
          </ol>
        </section>
      ) : null}
    </div>
  );
}

export function Data({ title, value }: { title: string; value: Json }): React.JSX.Element | null {
  if (value === null) return null;
  const text = JSON.stringify(value, null, 2);
  return (
    <section className="fields">
      <h3>{title}</h3>
      {/* A part that scrolls is reached by the keyboard. */}
      <pre tabIndex={0} aria-label={title}>
        {text.length > LONGEST ? `${text.slice(0, LONGEST)}\n…` : text}
      </pre>
    </section>
  );
}
