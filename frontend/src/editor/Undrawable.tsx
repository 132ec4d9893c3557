import type { DraftProblem } from "../api/shapes";
import { t } from "../text";
import { inWords } from "./problems";

interface Shown {
  readonly draft: unknown;
  readonly problems: readonly DraftProblem[];
}

/** A draft that has not the shape of a workflow: what is wrong, and the draft as it is. */
export function Undrawable({ draft, problems }: Shown): React.JSX.Element {
  return (
    <div className="undrawable">
      <div className="notice bad" role="alert">
        <p>
          {t(
            "This draft cannot be drawn: it has not the shape of a workflow document. Save a mended one by the API.",
          )}
        </p>
        <ul>
          {problems.map((each, index) => (
            <li key={index}>{`${each.field ? `${each.field}: ` : ""}${inWords(each)}`}</li>
          ))}
        </ul>
      </div>
      <pre tabIndex={0} aria-label={t("The draft as JSON")}>
        {JSON.stringify(draft, null, 2)}
      </pre>
    </div>
  );
}
