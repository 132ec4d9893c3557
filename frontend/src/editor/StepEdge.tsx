import { BaseEdge, EdgeLabelRenderer, getBezierPath } from "@xyflow/react";
import type { EdgeProps } from "@xyflow/react";

import { edgesOutOf, stepOf } from "../document/levels";
import { edgeId, titleOf } from "../document/types";
import { t } from "../text";
import { documentOf, useEditor, useEditorStore } from "./store";

/** A way from one step to the next, with a plus in its middle that puts a step in. */
export function StepEdge(props: EdgeProps): React.JSX.Element {
  const store = useEditorStore();
  const document = useEditor(documentOf);
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  const [path, x, y] = getBezierPath(props);
  const edge = edgesOutOf(document, props.source).find((each) => edgeId(each) === props.id);
  const words = (id: string): string => {
    const step = stepOf(document, id);
    return step ? titleOf(step) : id;
  };
  return (
    <>
      <BaseEdge id={props.id} path={path} interactionWidth={18} />
      {mayEdit && edge ? (
        <EdgeLabelRenderer>
          <span
            className={`edge-tools nodrag nopan${props.selected ? " selected" : ""}`}
            style={{ transform: `translate(-50%, -50%) translate(${String(x)}px, ${String(y)}px)` }}
          >
            <button
              type="button"
              className="plus"
              tabIndex={-1}
              aria-label={t("Put a step between {from} and {to}", {
                from: words(edge.from),
                to: words(edge.to),
              })}
              onClick={() => {
                store.getState().add({ kind: "on", edge });
              }}
            >
              +
            </button>
            {props.selected ? (
              <button
                type="button"
                className="plus cut"
                aria-label={t("Remove the way from {from} to {to}", {
                  from: words(edge.from),
                  to: words(edge.to),
                })}
                onClick={() => {
                  store.getState().edit({ type: "disconnect", edges: [edge] });
                }}
              >
                ×
              </button>
            ) : null}
          </span>
        </EdgeLabelRenderer>
      ) : null}
    </>
  );
}
