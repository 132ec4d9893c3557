import { stepOf, titleOf } from "../document/types";
import { Panel } from "./Panel";
import { documentOf, useEditor, useEditorStore } from "./store";

/** Everything wrong with the draft. Each leads to its place. */
export function Problems(): React.JSX.Element {
  const store = useEditorStore();
  const problems = useEditor((editor) => editor.problems);
  const document = useEditor(documentOf);
  return (
    <Panel title="Problems">
      {problems.length === 0 ? (
        <p className="empty">Nothing is wrong. The draft can be published.</p>
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
                  <strong>{step ? titleOf(step) : "Workflow"}</strong>
                  <span>{each.message}</span>
                  {each.hint ? <small>{each.hint}</small> : null}
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
