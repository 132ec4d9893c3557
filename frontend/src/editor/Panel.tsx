import type { ReactNode } from "react";

import { useEditorStore } from "./store";

/** A part at the side of the canvas, with its title and a way to close it. */
export function Panel({ title, children, tools }: { title: string; children: ReactNode; tools?: ReactNode }) {
  const store = useEditorStore();
  return (
    <aside className="panel" aria-label={title}>
      <header className="panel-head">
        <h2>{title}</h2>
        {tools}
        <button
          type="button"
          className="small"
          aria-label={`Close ${title}`}
          onClick={() => {
            store.setState({ side: "none" });
          }}
        >
          ×
        </button>
      </header>
      <div className="panel-body">{children}</div>
    </aside>
  );
}
