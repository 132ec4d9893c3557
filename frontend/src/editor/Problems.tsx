import { stepOf } from "../document/levels";
import { titleOf } from "../document/types";
import { t, told } from "../text";
import { Panel } from "./Panel";
import { documentOf, useEditor, useEditorStore } from "./store";

/** Everything wrong with the draft. Each leads to its place. */
export function Problems(): React.JSX.Element {
  const store = useEditorStore();
  const problems = useEditor((editor) => editor.problems);
  const document = useEditor(documentOf);
  return (
    <Panel title={t("Problems")}>
      {problems.length === 0 ? (
        <p className="empty">{t("Nothing is wrong. The draft can be published.")}</p>
      ) : (
        <ul className="plain">
          {problems.map((each) => {
            const step = stepOf(document, each.step);
            return (
              <li key={`${each.step}${each.field}${each.code}${each.message}`}>
                <button
                  type="button"
                  className="problem"
                  onClick={() => {
                    if (step) store.getState().open(step.id, each.field);
                    else
                      store.setState({ side: each.field.startsWith("triggers") ? "triggers" : "problems" });
                  }}
                >
                  <strong>{step ? titleOf(step) : t("Workflow")}</strong>
                  <span>{told(each.message, each.message_parts)}</span>
                  {each.hint ? <small>{told(each.hint, each.hint_parts)}</small> : null}
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
