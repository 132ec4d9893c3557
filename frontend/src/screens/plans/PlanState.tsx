import type { PlanLine } from "../../api/shapes";
import { t } from "../../text";
import { State } from "../../ui/parts";

/** Where a plan stands. One that found nothing to change was not applied to anything. */
export function PlanState({ of }: { of: Pick<PlanLine, "state" | "counts"> }): React.JSX.Element {
  const isEmpty = Object.values(of.counts).every((count) => count === 0);
  return of.state === "applied" && isEmpty ? (
    <State of="well" words={t("nothing to change")} />
  ) : (
    <State of={of.state} />
  );
}
