import { ReactFlowProvider } from "@xyflow/react";
import { useEffect } from "react";

import { Runs } from "../runs/Runs";
import { About } from "./About";
import { Canvas } from "./Canvas";
import { commandFor, paste } from "./commands";
import { Conflict } from "./Conflict";
import { leavePanel } from "./leaving";
import { Outline } from "./Outline";
import { Palette } from "./Palette";
import { Problems } from "./Problems";
import { StepPanel } from "./StepPanel";
import { useEditor, useEditorStore } from "./store";
import { Toolbar } from "./Toolbar";
import { Triggers } from "./Triggers";
import { Versions } from "./Versions";

export function App(): React.JSX.Element {
  const view = useEditor((editor) => editor.view);
  const side = useEditor((editor) => editor.side);
  const announcement = useEditor((editor) => editor.announcement);
  useKeys();
  return (
    <ReactFlowProvider>
      <Toolbar />
      <Conflict />
      <div className={`editor side-${side}`}>
        <div className="editor-main" id="workflow-view" tabIndex={-1}>
          {view === "canvas" ? <Canvas /> : <Outline />}
        </div>
        {side === "step" ? <StepPanel /> : null}
        {side === "about" ? <About /> : null}
        {side === "triggers" ? <Triggers /> : null}
        {side === "problems" ? <Problems /> : null}
        {side === "versions" ? <Versions /> : null}
        {side === "runs" ? <Runs /> : null}
      </div>
      <Palette />
      <p className="announcement" role="status" aria-live="polite">
        {announcement}
      </p>
    </ReactFlowProvider>
  );
}

/** Keys work everywhere but where somebody writes or chooses. */
function useKeys(): void {
  const store = useEditorStore();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented) return;
      if (event.key === "Escape" && isIn(event.target, ".panel")) {
        leavePanel(store);
        return;
      }
      if (isWriting(event.target)) return;
      const command = commandFor(event, store.getState());
      if (!command) return;
      event.preventDefault();
      command.run(store);
    };
    const onPaste = (event: ClipboardEvent): void => {
      if (isWriting(event.target)) return;
      if (paste(store, event.clipboardData?.getData("text") ?? "")) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    window.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("paste", onPaste);
    };
  }, [store]);
}

function isWriting(target: EventTarget | null): boolean {
  return isIn(target, "input, textarea, select, dialog[open], pre");
}

function isIn(target: EventTarget | null, selector: string): boolean {
  return target instanceof HTMLElement && target.closest(selector) !== null;
}
