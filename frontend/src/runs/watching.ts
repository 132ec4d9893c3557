/** Following a run: asked every second, answered only when it moved. */

import type { StoreApi } from "zustand";

import { Unreachable } from "../api/hub";
import { ENDED } from "../api/shapes";
import type { Page, Run, RunSummary } from "../api/shapes";
import type { Editor } from "../editor/store";
import { said, t } from "../text";

const PAUSE_MS = 1_000;

/** Show a run, and follow it until it has ended. The returned function stops following. */
export function watch(store: StoreApi<Editor>, id: string): () => void {
  let isWatching = true;
  let tag = "";
  const look = async (): Promise<void> => {
    while (isWatching) {
      try {
        const found = await store.getState().hub.getIfChanged<Run>(`runs/${id}`, tag);
        if (!isWatching as boolean) return;
        if (found) {
          tag = found.tag;
          store.setState({ run: found.answer });
          if (ENDED.has(found.answer.state)) {
            store.getState().announce(t("The run has ended: {state}.", { state: said(found.answer.state) }));
            await loadRuns(store);
            return;
          }
        }
      } catch (trouble) {
        if (!(trouble instanceof Unreachable)) {
          store.setState({ trouble: trouble instanceof Error ? trouble.message : String(trouble) });
          return;
        }
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  };
  void look();
  return () => {
    isWatching = false;
  };
}

export async function loadRuns(store: StoreApi<Editor>): Promise<void> {
  const { hub, slug } = store.getState();
  const { items } = await hub.get<Page<RunSummary>>(`runs?workflow=${encodeURIComponent(slug)}&limit=20`);
  store.setState({ recentRuns: items });
}
