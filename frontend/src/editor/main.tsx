import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { Hub } from "../api/hub";
import type { DraftProblem, Workflow } from "../api/shapes";
import { followModality } from "../ui/modality";
import { canBeDrawn } from "../document/shape";
import { App } from "./App";
import { loadCatalog } from "./catalog";
import "./designer.css";
import { keepSaved, keptDraft, loadProblems } from "./saving";
import { createEditor, EditorContext } from "./store";
import { Undrawable } from "./Undrawable";

const NARROW = "(max-width: 48rem)";

async function start(place: HTMLElement): Promise<void> {
  const { workflow: slug = "", whose = "", csrf = "", may = "" } = place.dataset;
  const hub = new Hub(csrf);
  const [workflow, catalog] = await Promise.all([hub.get<Workflow>(`workflows/${slug}`), loadCatalog(hub)]);
  if (!canBeDrawn(workflow.draft)) {
    const { problems } = await hub.get<{ problems: DraftProblem[] }>(`workflows/${slug}/problems`);
    createRoot(place).render(<Undrawable draft={workflow.draft} problems={problems} />);
    return;
  }
  const store = createEditor({
    slug,
    whose,
    hub,
    may: new Set(may.split(" ")),
    catalog,
    document: workflow.draft,
    revision: workflow.revision,
    published: workflow.published,
    isActive: workflow.is_active,
    view: window.matchMedia(NARROW).matches ? "outline" : "canvas",
  });
  keepSaved(store);
  followModality(document);
  const kept = keptDraft({ whose, slug });
  if (kept && kept.revision === workflow.revision) {
    store.getState().edit({ type: "replace", document: kept.document });
    store.getState().announce("What you had not saved last time is back. Undo takes it away.");
  }
  void loadProblems(store);
  createRoot(place).render(
    <StrictMode>
      <EditorContext.Provider value={store}>
        <App />
      </EditorContext.Provider>
    </StrictMode>,
  );
}

const place = document.getElementById("designer");
if (place) {
  start(place).catch((trouble: unknown) => {
    const said = document.createElement("p");
    said.className = "notice bad";
    said.setAttribute("role", "alert");
    said.textContent = trouble instanceof Error ? trouble.message : String(trouble);
    place.replaceChildren(said);
  });
}
