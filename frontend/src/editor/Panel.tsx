import { useEffect, useRef } from "react";
import type { ReactNode } from "react";

import { usedKeyboard } from "../ui/modality";

import { leavePanel } from "./leaving";
import { useEditorStore } from "./store";
import { t } from "../text";

/** A part at the side of the canvas, with its title and a way to close it. */
export function Panel({ title, children, tools }: { title: string; children: ReactNode; tools?: ReactNode }) {
  const store = useEditorStore();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (usedKeyboard() && store.getState().soughtField === "") heading.current?.focus();
  }, [store]);
  return (
    <aside className="panel" aria-label={title}>
      <header className="panel-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {tools}
        <button
          type="button"
          className="small"
          aria-label={t("Close {title}", { title })}
          onClick={() => {
            leavePanel(store);
          }}
        >
          ×
        </button>
      </header>
      <div className="panel-body">{children}</div>
    </aside>
  );
}
