import { useState } from "react";
import { Link } from "react-router";

import { useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import type { PlanLine } from "../../api/shapes";
import { inNumbers, t } from "../../text";
import type { Text } from "../../text";
import { Input } from "../../ui/Input";
import { Trouble } from "../../ui/parts";
import { Window } from "../../ui/Confirm";

interface Explained {
  readonly plan: PlanLine;
  readonly steps: readonly { readonly step: string; readonly said: string }[];
}

const STEPS: Readonly<Record<string, Text>> = {
  found: "In the directory",
  standing: "Whether they count",
  rule: "Rules",
  read: "What is there now",
  change: "What changes",
  guard: "Guards",
  outcome: "Outcome",
};

/** Plan for one person on demand, each step explained; the plan is then decided and applied like any other. */
export function OnePerson({ of, onClose }: { of: string; onClose: () => void }): React.JSX.Element {
  const { hub } = useSession();
  const [person, setPerson] = useState("");
  const plan = useDoing(
    () => hub.post<Explained>(`installations/${of}/person`, { person: person.trim() }),
    ["plans"],
  );
  const made = plan.data;
  const changes = made ? Object.values(made.plan.counts).reduce((sum, each) => sum + each, 0) : 0;
  return (
    <Window title={t("Provision one person")} onClose={onClose}>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          plan.mutate(undefined);
        }}
      >
        <Input title={t("Person (user@partition)")} value={person} onChange={setPerson} isRequired />
        <button type="submit" className="primary" disabled={plan.isPending}>
          {plan.isPending ? t("Looking…") : t("Plan and explain")}
        </button>
      </form>
      <Trouble of={plan.error} />
      {made ? (
        <>
          <ol className="explained">
            {made.steps.map((each, at) => (
              <li key={String(at)}>
                <strong>{STEPS[each.step] ? t(STEPS[each.step] as Text) : each.step}:</strong> {each.said}
              </li>
            ))}
          </ol>
          <p>
            <Link className="button primary" to={`/plans/${made.plan.id}`}>
              {t("Open the plan ({n} changes)", { n: inNumbers(changes) })}
            </Link>
          </p>
        </>
      ) : null}
    </Window>
  );
}
