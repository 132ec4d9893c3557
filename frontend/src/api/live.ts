/** What moves in the workspace, as it moves: a stream from the hub, or asking every few seconds when there is none. */

import type { QueryClient } from "@tanstack/react-query";

interface Moved {
  readonly of: string;
  readonly id: string;
}

const POLL_MS = 5_000;
const RETRY_MS = 30_000;

/** What is asked anew when something of a kind moved. */
const TOUCHED: Readonly<Record<string, readonly (readonly string[])[]>> = {
  run: [["runs"]],
  plan: [["plans"], ["runs"], ["inbox"]],
  approval: [["approvals"], ["inbox"]],
  workflow: [["workflows"]],
  connection: [["connections"]],
  halt: [["halts"], ["runs"]],
  installation: [["installations"], ["templates"]],
  trigger: [["workflows"]],
};

/** Keep what the page shows in step with the hub. The returned function stops. */
export function followHub(client: QueryClient, workspace: string): () => void {
  let source: EventSource | null = null;
  let timer = 0;
  const touch = (of: string): void => {
    for (const queryKey of TOUCHED[of] ?? []) void client.invalidateQueries({ queryKey: [...queryKey] });
  };
  const poll = (until: number): void => {
    timer = window.setTimeout(() => {
      if (document.visibilityState === "visible") touch("run");
      if (Date.now() > until) listen();
      else poll(until);
    }, POLL_MS);
  };
  const listen = (): void => {
    source = new EventSource(`/api/v1/live?workspace=${encodeURIComponent(workspace)}`);
    source.addEventListener("moved", (event: MessageEvent<string>) => {
      const seen = new Set((JSON.parse(event.data) as Moved[]).map((each) => each.of));
      for (const of of seen) touch(of);
    });
    source.onerror = () => {
      // The browser tries again by itself, unless the hub said no.
      if (source?.readyState !== EventSource.CLOSED) return;
      poll(Date.now() + RETRY_MS);
    };
  };
  const stop = (): void => {
    source?.close();
    window.clearTimeout(timer);
  };
  // A page that nobody sees holds no stream: browsers have few, and so has the hub.
  const onVisible = (): void => {
    stop();
    if (document.visibilityState === "visible") listen();
  };
  document.addEventListener("visibilitychange", onVisible);
  onVisible();
  return () => {
    document.removeEventListener("visibilitychange", onVisible);
    stop();
  };
}
