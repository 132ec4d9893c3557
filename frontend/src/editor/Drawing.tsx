import { ReactFlowProvider } from "@xyflow/react";
import { useEffect, useState } from "react";

import { useSession } from "../api/session";
import type { Run } from "../api/shapes";
import type { WorkflowDocument } from "../document/types";
import { Canvas } from "./Canvas";
import { loadCatalog } from "./catalog";
import type { Catalog } from "./catalog";
import "./designer.css";
import { followItems } from "./items";
import { createEditor, EditorContext } from "./store";

let known: Promise<Catalog> | null = null;

/** A workflow as a picture: nothing of it can be changed. A run that is laid over it lights its steps. */
export function Drawing({
  document,
  run = null,
  selected = "",
  onSelect,
}: {
  document: WorkflowDocument;
  run?: Run | null;
  selected?: string;
  onSelect?: (step: string) => void;
}): React.JSX.Element | null {
  const { hub } = useSession();
  const [catalog, setCatalog] = useState<Catalog | null>(null);
  useEffect(() => {
    known ??= loadCatalog(hub);
    known.then(setCatalog, () => {
      known = null;
    });
  }, [hub]);
  if (!catalog) return <div className="drawing" />;
  return (
    <Drawn
      key={document.name}
      document={document}
      run={run}
      selected={selected}
      onSelect={onSelect}
      catalog={catalog}
    />
  );
}

function Drawn({
  document,
  run,
  selected,
  onSelect,
  catalog,
}: {
  document: WorkflowDocument;
  run: Run | null;
  selected: string;
  onSelect: ((step: string) => void) | undefined;
  catalog: Catalog;
}): React.JSX.Element {
  const { hub } = useSession();
  const [store] = useState(() =>
    createEditor({
      slug: "",
      whose: "",
      hub,
      may: new Set(),
      catalog,
      document,
      revision: 0,
      published: null,
      isActive: false,
      view: "canvas",
    }),
  );
  useEffect(() => followItems(store), [store]);
  useEffect(() => {
    store.setState({ run });
  }, [store, run]);
  useEffect(() => {
    store.setState({ selected: new Set(selected ? [selected] : []) });
  }, [store, selected]);
  useEffect(
    () =>
      store.subscribe((now, before) => {
        const [step] = now.selected;
        if (now.selected !== before.selected && step && step !== selected) onSelect?.(step);
      }),
    [store, selected, onSelect],
  );
  return (
    <div className="drawing">
      <ReactFlowProvider>
        <EditorContext.Provider value={store}>
          <Canvas />
        </EditorContext.Provider>
      </ReactFlowProvider>
    </div>
  );
}
