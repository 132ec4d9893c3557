import { useState } from "react";

import { useAnswer, useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import type { LargePart, Run, RunStep } from "../../api/shapes";
import type { Json } from "../../document/types";
import { inNumbers, t, tn } from "../../text";
import { moment } from "../../text/time";
import { Input } from "../../ui/Input";
import { JsonView } from "../../ui/Json";
import { Loading, Notice, Trouble } from "../../ui/parts";
import { inBytes } from "../../ui/sizes";

const AT_ONCE = 50;

interface Part {
  readonly kind: string;
  readonly items: readonly Json[];
  readonly text: string;
  readonly next_offset: number | null;
}

interface Revealed {
  readonly payload: Json;
  readonly steps: readonly {
    readonly step: string;
    readonly item: string;
    readonly input: Json;
    readonly output: Json;
  }[];
}

/** What retention has removed of a run. */
export function Removed({ of: run }: { of: Run }): React.JSX.Element | null {
  const removed = Object.entries(run.removed ?? {});
  if (removed.length === 0) return null;
  const words: Readonly<Record<string, string>> = {
    data: t("Inputs and outputs"),
    bodies: t("The body of the call"),
    logs: t("The attempts"),
  };
  return (
    <Notice tone="warn">
      {removed.map(([what, { at, days }]) => (
        <p key={what}>
          {tn(
            "{what}: removed by retention after {n} day, {at}.",
            "{what}: removed by retention after {n} days, {at}.",
            days,
            { what: words[what] ?? what, at: moment(at) },
          )}
        </p>
      ))}
    </Notice>
  );
}

/** The values of a step, and what of them is too large to be shown whole. */
export function Values({ run, step }: { run: Run; step: RunStep }): React.JSX.Element {
  const fields = [
    ["input", t("Input"), step.input],
    ["output", t("Output"), step.output],
  ] as const;
  return (
    <>
      {fields.map(([field, title, value]) => (
        <div key={field} className="stack">
          <JsonView title={title} value={value} />
          {step.large
            .filter((part) => part.field === field)
            .map((part) => (
              <LargeValue key={part.at.join(".")} run={run} step={step} part={part} />
            ))}
        </div>
      ))}
    </>
  );
}

function LargeValue({ run, step, part }: { run: Run; step: RunStep; part: LargePart }): React.JSX.Element {
  const [offset, setOffset] = useState<number | null>(null);
  const address = `runs/${run.id}/steps/${step.step}/large`;
  const asked = new URLSearchParams({
    field: part.field,
    at: part.at.join("."),
    item: step.item,
    offset: String(offset ?? 0),
    limit: String(AT_ONCE),
  });
  const { data, error, isLoading } = useAnswer<Part>(`${address}?${asked.toString()}`, {
    isWanted: offset !== null,
  });
  const name = part.at.length > 0 ? part.at.join(".") : t("All of it");
  const size =
    part.kind === "list"
      ? t("{name}: {n} items, {size}. The beginning is shown above.", {
          name,
          n: inNumbers(part.count),
          size: inBytes(part.bytes),
        })
      : t("{name}: {size}. The beginning is shown above.", { name, size: inBytes(part.bytes) });
  return (
    <div className="card stack">
      <p>{size}</p>
      <div className="row">
        <button
          type="button"
          className="small"
          onClick={() => {
            setOffset(offset === null ? 0 : Math.max(0, offset - AT_ONCE));
          }}
          disabled={offset === 0}
        >
          {offset === null ? t("Look into it") : t("Earlier")}
        </button>
        {offset !== null && data?.next_offset ? (
          <button
            type="button"
            className="small"
            onClick={() => {
              setOffset(data.next_offset);
            }}
          >
            {t("Further")}
          </button>
        ) : null}
      </div>
      <Trouble of={error} />
      {isLoading ? <Loading /> : null}
      {data ? (
        <JsonView
          key={offset}
          title={data.kind === "list" ? t("From item {n} on", { n: inNumbers(offset ?? 0) }) : name}
          value={data.kind === "list" ? data.items : data.text}
        />
      ) : null}
    </div>
  );
}

/** Personal values stand behind masks; whoever may looks at them with a reason. */
export function Reveal({ of: run }: { of: Run }): React.JSX.Element | null {
  const { hub, may } = useSession();
  const [reason, setReason] = useState("");
  const look = useDoing(() => hub.post<Revealed>(`runs/${run.id}/reveal`, { reason }), []);
  if (!run.is_masked && !run.steps.some((each) => each.is_masked)) return null;
  return (
    <details className="card">
      <summary>{t("Some values are masked")}</summary>
      <p>
        {t(
          "[personal] stands for personal data, [hidden] for secrets. They are stored encrypted; secrets are shown to nobody.",
        )}
      </p>
      {may("run.reveal") ? (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault();
            look.mutate(undefined);
          }}
        >
          <Input
            title={t("Why you look")}
            value={reason}
            onChange={setReason}
            help={t("Your name and this are kept in the audit trail.")}
            isRequired
          />
          <Trouble of={look.error} />
          <div>
            <button disabled={look.isPending}>{t("Show personal data")}</button>
          </div>
        </form>
      ) : (
        <p className="muted">{t("Administrators and operators may look at personal data.")}</p>
      )}
      {look.data ? (
        <>
          <JsonView title={t("What it was started with")} value={look.data.payload} />
          {look.data.steps.map((each) => (
            <section key={`${each.step}/${each.item}`} aria-label={each.step}>
              <h3>{each.item ? `${each.step}, ${t("item")} ${each.item}` : each.step}</h3>
              <JsonView title={t("Input")} value={each.input} />
              <JsonView title={t("Output")} value={each.output} />
            </section>
          ))}
        </>
      ) : null}
    </details>
  );
}
