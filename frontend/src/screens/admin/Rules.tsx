import { useState } from "react";

import { useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import { t, tn } from "../../text";
import { Notice, Trouble } from "../../ui/parts";
import { Input } from "../../ui/Input";
import { titleOfClass, type Kept } from "./retention";

/** For how long each class of data is kept: of the workspace, or of one workflow. */
export function Rules({
  kept,
  workflow,
  isEditable,
}: {
  kept: readonly Kept[];
  workflow: string;
  isEditable: boolean;
}): React.JSX.Element {
  return (
    <ul className="plain card">
      {kept.map((each) => (
        <Rule key={each.what} rule={each} workflow={workflow} isEditable={isEditable} />
      ))}
    </ul>
  );
}

function Rule({
  rule,
  workflow,
  isEditable,
}: {
  rule: Kept;
  workflow: string;
  isEditable: boolean;
}): React.JSX.Element {
  const { hub } = useSession();
  const [isOpen, setIsOpen] = useState(false);
  const [days, setDays] = useState(rule.days === null ? "" : String(rule.days));
  const set = useDoing(
    async (more: object) => {
      await hub.put("retention", { what: rule.what, workflow, ...more });
      setIsOpen(false);
    },
    ["retention", "workflows"],
  );
  const title = titleOfClass(rule.what);
  const isOwn = workflow !== "" && rule.said_by === "workflow";
  return (
    <li className="line">
      <span>{title}</span>
      <strong>{rule.days === null ? t("for ever") : tn("{n} day", "{n} days", rule.days)}</strong>
      {workflow && rule.said_by === "workspace" ? (
        <span className="muted">{t("as the workspace says")}</span>
      ) : null}
      {isEditable ? (
        <span className="end">
          <button
            type="button"
            className="small"
            aria-expanded={isOpen}
            aria-label={t("Change: {name}", { name: title })}
            onClick={() => {
              setIsOpen(!isOpen);
            }}
          >
            {t("Change")}
          </button>
        </span>
      ) : null}
      {isOpen ? (
        <form
          className="form wide whole"
          onSubmit={(event) => {
            event.preventDefault();
            set.mutate({ days: days === "" ? null : Number(days) });
          }}
        >
          <Input
            title={t("Days")}
            type="number"
            value={days}
            onChange={setDays}
            help={t("Empty: for ever. What is older is removed within minutes, and cannot be had back.")}
          />
          {days !== "" && (rule.days === null || Number(days) < rule.days) ? (
            <Notice tone="warn">{t("That is shorter than now: what is older will be removed.")}</Notice>
          ) : null}
          <Trouble of={set.error} />
          <div className="row">
            <button className="primary" disabled={set.isPending}>
              {t("Save")}
            </button>
            {isOwn ? (
              <button
                type="button"
                disabled={set.isPending}
                onClick={() => {
                  set.mutate({ inherit: true });
                }}
              >
                {t("As the workspace says")}
              </button>
            ) : null}
          </div>
        </form>
      ) : null}
    </li>
  );
}
