/** The state of the editor, in three parts that are never mixed: the document, what is looked at, what the hub said. */

import { createContext, useContext } from "react";
import { createStore, useStore } from "zustand";
import type { StoreApi } from "zustand";

import { edited, historyOf, redone, undone } from "../document/history";
import type { History } from "../document/history";
import type { Operation } from "../document/operations";
import { allEdges } from "../document/levels";
import { stepIds } from "../document/names";
import type { Edge, WorkflowDocument } from "../document/types";
import { sameEdge } from "../document/types";
import type { DraftProblem, Run, RunItem, RunSummary, Version } from "../api/shapes";
import type { Hub } from "../api/hub";
import type { Catalog } from "./catalog";
import { t } from "../text";

export type Saving = "saved" | "unsaved" | "saving" | "unreachable" | "conflict" | "refused";
export type Side = "step" | "about" | "triggers" | "problems" | "versions" | "runs" | "none";
/** Where a new step goes, while the palette is open. */
export type AddingPlace =
  | { readonly kind: "free"; readonly into?: string }
  | { readonly kind: "after"; readonly from: string; readonly port: string }
  | { readonly kind: "on"; readonly edge: Edge };

export interface Editor {
  readonly slug: string;
  /** The person in their workspace. */
  readonly whose: string;
  readonly hub: Hub;
  readonly may: ReadonlySet<string>;
  readonly catalog: Catalog;

  readonly history: History;

  readonly view: "canvas" | "outline";
  readonly side: Side;
  readonly selected: ReadonlySet<string>;
  readonly selectedEdge: Edge | null;
  readonly adding: AddingPlace | null;
  /** Whether the window that publishes is open. */
  readonly isPublishing: boolean;
  /** A field that is to be shown and focused: "input/to". */
  readonly soughtField: string;
  readonly announcement: string;

  readonly revision: number;
  readonly base: WorkflowDocument;
  readonly saving: Saving;
  readonly trouble: string;
  readonly theirs: { readonly revision: number; readonly draft: WorkflowDocument } | null;
  readonly problems: readonly DraftProblem[];
  readonly published: Version | null;
  /** Whether the triggers of the published version start runs. */
  readonly isActive: boolean;
  /** The names of other people who have the draft open. */
  readonly others: readonly string[];
  readonly run: Run | null;
  /** Of the run, by for-each or loop: the item that is looked at. */
  readonly seen: Readonly<Record<string, RunItem>>;
  readonly recentRuns: readonly RunSummary[];

  readonly edit: (operation: Operation, gesture?: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  readonly select: (ids: readonly string[]) => void;
  readonly selectEdge: (edge: Edge | null) => void;
  /** Select a step and open its panel, at a field when one is named. */
  readonly open: (step: string, field?: string) => void;
  readonly show: (side: Side) => void;
  readonly add: (place: AddingPlace | null) => void;
  readonly announce: (words: string) => void;
  readonly set: (part: Partial<Editor>) => void;
}

export interface Start {
  readonly slug: string;
  /** The person in their workspace. */
  readonly whose: string;
  readonly hub: Hub;
  readonly may: ReadonlySet<string>;
  readonly catalog: Catalog;
  readonly document: WorkflowDocument;
  readonly revision: number;
  readonly published: Version | null;
  readonly isActive: boolean;
  readonly view: "canvas" | "outline";
}

export function createEditor(start: Start): StoreApi<Editor> {
  return createStore<Editor>()((set, get) => {
    const changed = (history: History): Partial<Editor> => {
      const ids = stepIds(history.present);
      const { selected, selectedEdge, base, saving } = get();
      const kept = new Set([...selected].filter((id) => ids.has(id)));
      const edge = selectedEdge && allEdges(history.present).some((each) => sameEdge(each, selectedEdge));
      const settled = saving === "saved" || saving === "unsaved" || saving === "refused";
      return {
        history,
        selected: kept.size === selected.size ? selected : kept,
        selectedEdge: edge ? selectedEdge : null,
        ...(settled ? { saving: history.present === base ? "saved" : "unsaved" } : {}),
      };
    };
    const { document, ...given } = start;
    return {
      ...given,
      history: historyOf(document),
      side: "none",
      selected: new Set<string>(),
      selectedEdge: null,
      adding: null,
      isPublishing: false,
      soughtField: "",
      announcement: "",
      base: document,
      saving: "saved",
      trouble: "",
      theirs: null,
      problems: [],
      others: [],
      run: null,
      seen: {},
      recentRuns: [],

      edit(operation, gesture) {
        if (get().may.has("workflow.edit")) set(changed(edited(get().history, operation, gesture)));
      },
      undo() {
        if (get().history.past.length > 0)
          set({ ...changed(undone(get().history)), announcement: t("Undone.") });
      },
      redo() {
        if (get().history.future.length > 0)
          set({ ...changed(redone(get().history)), announcement: t("Done again.") });
      },
      select(ids) {
        const side = get().side;
        const next = ids.length === 1 ? "step" : side === "step" ? "none" : side;
        set({ selected: new Set(ids), selectedEdge: null, side: next, soughtField: "" });
      },
      selectEdge(edge) {
        set({ selectedEdge: edge, selected: new Set() });
      },
      open(step, field = "") {
        set({ selected: new Set([step]), selectedEdge: null, side: "step", soughtField: field });
      },
      show(side) {
        set({ side: get().side === side ? "none" : side });
      },
      add(adding) {
        set({ adding });
      },
      announce(announcement) {
        set({ announcement });
      },
      set,
    };
  });
}

export const EditorContext = createContext<StoreApi<Editor> | null>(null);

export function useEditorStore(): StoreApi<Editor> {
  const store = useContext(EditorContext);
  if (!store) throw new Error("There is no editor around this part of the page.");
  return store;
}

export function useEditor<Part>(select: (editor: Editor) => Part): Part {
  return useStore(useEditorStore(), select);
}

export const documentOf = (editor: Editor): WorkflowDocument => editor.history.present;
