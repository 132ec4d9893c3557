import { useCallback } from "react";

import { useEditorStore } from "../editor/store";
import { watch } from "./watching";

let stop: (() => void) | null = null;

/** Shows and follows a run in place of the one before. */
export function useWatched(): (run: string) => void {
  const store = useEditorStore();
  return useCallback(
    (run: string) => {
      stop?.();
      stop = watch(store, run);
    },
    [store],
  );
}
