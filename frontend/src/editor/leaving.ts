import type { StoreApi } from "zustand";

import type { Editor } from "./store";

/** Close what stands beside the workflow; the focus goes back to the step that was looked at. */
export function leavePanel(store: StoreApi<Editor>): void {
  const id = [...store.getState().selected][0] ?? "";
  store.setState({ side: "none", soughtField: "" });
  window.requestAnimationFrame(() => {
    const step = document.querySelector<HTMLElement>(
      `.react-flow__node[data-id="${id}"], #outline-${id || "none"}`,
    );
    (step ?? document.getElementById("workflow-view"))?.focus();
  });
}
