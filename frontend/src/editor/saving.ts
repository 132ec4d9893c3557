/** Keeps the draft on the hub in step with the editor. Nothing is ever lost: what could not be saved stays, is kept in
 * the browser, and is tried again. */

import type { StoreApi } from "zustand";

import { Refused, Unreachable } from "../api/hub";
import type { DraftProblem, Workflow } from "../api/shapes";
import type { WorkflowDocument } from "../document/types";
import { t } from "../text";
import type { Editor } from "./store";

const PAUSE_MS = 900;
const RETRY_MS = 4_000;

/** Names a copy in the browser: the workflow, and the person in their workspace. */
type Kept = Pick<Editor, "whose" | "slug">;

export function keepSaved(store: StoreApi<Editor>, storage: Storage = window.localStorage): () => void {
  let timer = 0;
  const later = (ms: number): void => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => void save(store, storage).then(next), ms);
  };
  const next = (): void => {
    const { saving } = store.getState();
    if (saving === "unsaved") later(PAUSE_MS);
    if (saving === "unreachable") later(RETRY_MS);
  };
  const stop = store.subscribe((editor, before) => {
    if (editor.history.present === before.history.present) return;
    if (editor.history.present !== editor.base) keep(storage, editor);
    if (editor.saving === "unsaved") later(PAUSE_MS);
  });
  const leave = (event: BeforeUnloadEvent): void => {
    if (store.getState().saving !== "saved") event.preventDefault();
  };
  window.addEventListener("beforeunload", leave);
  return () => {
    stop();
    window.clearTimeout(timer);
    window.removeEventListener("beforeunload", leave);
  };
}

/** Save now. Afterwards `saving` says how it went. */
export async function save(store: StoreApi<Editor>, storage: Storage = window.localStorage): Promise<void> {
  const { hub, slug, whose, revision, history, saving } = store.getState();
  if (saving === "saving" || saving === "saved" || saving === "conflict") return;
  const document = history.present;
  store.setState({ saving: "saving" });
  try {
    const saved = await hub.put<Workflow>(`workflows/${slug}`, { document, revision });
    const isCurrent = store.getState().history.present === document;
    store.setState({
      revision: saved.revision,
      base: document,
      saving: isCurrent ? "saved" : "unsaved",
      trouble: "",
    });
    if (isCurrent) storage.removeItem(keyOf({ whose, slug }));
    await loadProblems(store);
  } catch (trouble) {
    if (trouble instanceof Refused && trouble.problem.code === "stale") {
      const { revision: current, draft } = trouble.problem as unknown as {
        revision: number;
        draft: WorkflowDocument;
      };
      store.setState({ saving: "conflict", theirs: { revision: current, draft }, trouble: trouble.message });
    } else if (
      trouble instanceof Unreachable ||
      (trouble instanceof Refused && trouble.problem.status >= 500)
    ) {
      store.setState({ saving: "unreachable", trouble: trouble.message });
    } else {
      store.setState({
        saving: "refused",
        trouble: trouble instanceof Error ? trouble.message : String(trouble),
      });
    }
  }
}

export async function loadProblems(store: StoreApi<Editor>): Promise<void> {
  const { hub, slug } = store.getState();
  const { problems } = await hub.get<{ problems: DraftProblem[] }>(`workflows/${slug}/problems`);
  store.setState({ problems });
}

/** Save, and open the window that publishes; when something is wrong, show that instead. */
export async function askToPublish(store: StoreApi<Editor>): Promise<void> {
  await save(store);
  await loadProblems(store);
  const { problems, saving, announce } = store.getState();
  if (problems.length > 0) {
    store.setState({ side: "problems" });
    announce(t("The draft has problems. Mend them, then publish."));
  } else if (saving === "saved") store.setState({ isPublishing: true });
}

/** The document that could not be saved last time, when there is one that the hub has not. */
export function keptDraft(
  of: Kept,
  storage: Storage = window.localStorage,
): { revision: number; document: WorkflowDocument } | null {
  try {
    return JSON.parse(storage.getItem(keyOf(of)) ?? "null") as {
      revision: number;
      document: WorkflowDocument;
    } | null;
  } catch {
    return null;
  }
}

function keep(storage: Storage, { slug, whose, revision, history }: Editor): void {
  try {
    storage.setItem(keyOf({ whose, slug }), JSON.stringify({ revision, document: history.present }));
  } catch {
    // The browser keeps nothing; the page still does.
  }
}

function keyOf({ whose, slug }: Kept): string {
  return `lockgate:draft:${whose}:${slug}`;
}
