import type { StepChange } from "../document/operations";
import type { Step } from "../document/types";
import { useEditor } from "./store";
import { t } from "../text";

/** Which connection an action uses. */
export function Connections({
  connector,
  step,
  change,
}: {
  connector: string;
  step: Step;
  change: (to: StepChange, gesture: string) => void;
}): React.JSX.Element {
  const all = useEditor((editor) => editor.catalog.connections);
  const own = all.filter((each) => each.connector === connector);
  const isReadOnly = useEditor((editor) => !editor.may.has("workflow.edit"));
  const held = step.connection ?? "";
  const isUnknown = held !== "" && !own.some((each) => each.slug === held);
  const chosen = own.find((each) => each.slug === held);
  return (
    <div className="field" data-place="connection">
      <label htmlFor="step-connection">{t("Connection")}</label>
      <select
        id="step-connection"
        value={held}
        disabled={isReadOnly}
        onChange={(event) => {
          change({ connection: event.target.value === "" ? undefined : event.target.value }, "connection");
        }}
      >
        <option value="">{t("Choose…")}</option>
        {isUnknown ? <option value={held}>{t("{name} (not here)", { name: held })}</option> : null}
        {own.map((each) => (
          <option key={each.slug} value={each.slug}>
            {each.name}
          </option>
        ))}
      </select>
      {chosen && chosen.health.state === "broken" ? <p className="wrong">{chosen.health.message}</p> : null}
      {own.length === 0 ? (
        <p className="help">
          {t("There is no connection to it yet; your draft is kept.")}{" "}
          <a href="/connections">{t("Make one")}</a>
        </p>
      ) : null}
    </div>
  );
}
