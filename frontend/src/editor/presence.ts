/** Who else has the draft open. Said to the hub every few seconds, and when one leaves. */

import type { StoreApi } from "zustand";

import type { Editor } from "./store";

const PAUSE_MS = 15_000;

/** The returned function says that one leaves. */
export function keepPresent(store: StoreApi<Editor>): () => void {
  const { hub, slug } = store.getState();
  const say = (leaves: boolean): Promise<void> =>
    hub.post<{ others: string[] }>(`workflows/${slug}/presence`, { leaves }).then(
      ({ others }) => {
        const before = store.getState().others;
        if (!leaves && others.join("\n") !== before.join("\n")) store.setState({ others });
      },
      () => undefined, // It is only good to know.
    );
  const timer = window.setInterval(() => {
    if (document.visibilityState === "visible") void say(false);
  }, PAUSE_MS);
  void say(false);
  return () => {
    window.clearInterval(timer);
    void say(true);
  };
}
