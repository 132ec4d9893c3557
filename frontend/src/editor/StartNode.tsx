import { Handle, Position } from "@xyflow/react";

import { triggersOf } from "../document/types";
import { documentOf, useEditor, useEditorStore } from "./store";
import { said, t } from "../text";

/** Where a run begins: what starts the workflow. */
export function StartNode(): React.JSX.Element {
  const store = useEditorStore();
  const triggers = useEditor((editor) => triggersOf(documentOf(editor)));
  const kinds = useEditor((editor) => editor.catalog.triggers);
  const isEmpty = useEditor((editor) => documentOf(editor).steps.length === 0);
  return (
    <div className="step start">
      <div className="step-head">
        <svg className="kind-icon" viewBox="0 0 24 24" aria-hidden="true">
          <path d="M8 5l11 7-11 7z" />
        </svg>
        <div className="step-words">
          <strong>{t("Start")}</strong>
          <small>
            {triggers.length === 0
              ? t("Nothing starts it yet")
              : triggers.map((each) => said(kinds.get(each.kind)?.title ?? each.kind)).join(", ")}
          </small>
        </div>
      </div>
      {isEmpty ? (
        <button
          type="button"
          className="primary small nodrag"
          onClick={(event) => {
            event.stopPropagation();
            store.getState().add({ kind: "free" });
          }}
        >
          {t("Add the first step")}
        </button>
      ) : null}
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}
