/** Rules that say when a workflow is not well, and what they say of it. */

import { t, tn } from "../../text";
import type { Text } from "../../text";
import { span } from "../../text/time";

export type Kind = "failures" | "late" | "long" | "silent";

export interface AlertRule {
  readonly id: string;
  readonly workflow: string;
  readonly workflow_name: string;
  readonly kind: Kind;
  readonly count: number;
  readonly seconds: number | null;
  readonly mail: string;
  readonly to: readonly string[];
  /** Since when it is not well; null when it is. */
  readonly began_at: string | null;
  readonly said: string;
}

export const KINDS: Readonly<Record<Kind, { readonly title: Text; readonly help: Text }>> = {
  failures: { title: "It fails", help: "So many runs in a row have failed." },
  late: { title: "It is late", help: "A schedule or an event source was due, and nothing started." },
  long: { title: "A run takes long", help: "A run has been going for longer than this, or than usual." },
  silent: { title: "It is silent", help: "There was no run for so long." },
};

/** When the rule says that something is wrong. */
export function whenOf({ kind, count, seconds }: Pick<AlertRule, "kind" | "count" | "seconds">): string {
  const length = seconds === null ? "" : span(seconds);
  switch (kind) {
    case "failures":
      return tn("when a run fails", "when {n} runs in a row fail", count);
    case "late":
      return t("when nothing started {span} after it was due", { span: length });
    case "long":
      return length
        ? t("when a run takes longer than {span}", { span: length })
        : t("when a run takes longer than usual");
    case "silent":
      return t("when there was no run for {span}", { span: length });
  }
}

/** What is wrong now. */
export function wrongOf(rule: AlertRule): string {
  const length = rule.seconds === null ? "" : span(rule.seconds);
  switch (rule.kind) {
    case "failures":
      return tn("Its last run failed.", "Its last {n} runs failed.", rule.count);
    case "late":
      return t("It should have been started, and was not.");
    case "long":
      return length
        ? t("A run takes longer than {span}.", { span: length })
        : t("A run takes longer than usual.");
    case "silent":
      return t("It has not run for more than {span}.", { span: length });
  }
}

export const UNITS = { minutes: 60, hours: 3_600, days: 86_400 } as const;
export type Unit = keyof typeof UNITS;

/** Seconds as a person would write them: in the largest unit that leaves nothing over. */
export function writtenAs(seconds: number): { amount: string; unit: Unit } {
  const unit = (["days", "hours"] as const).find((each) => seconds % UNITS[each] === 0) ?? "minutes";
  return { amount: String(seconds / UNITS[unit]), unit };
}
