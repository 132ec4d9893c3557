/**
 * Keeps parts of a page in step with the server without a reload.
 *
 * An element with `data-live="<address>"` is asked for again every few seconds; the server answers the same
 * fragment, or 304 when nothing changed. When the fragment comes without `data-live`, it has settled and is left
 * alone. Without script the page simply shows what was so when it was loaded.
 */

export const FIRST_PAUSE_MS = 1_000;
export const LONGEST_PAUSE_MS = 15_000;

type Fetch = (address: string, options: RequestInit) => Promise<Response>;

export function followLiveParts(page: Document, fetch: Fetch): void {
  for (const part of page.querySelectorAll<HTMLElement>("[data-live]")) {
    void follow(part, fetch);
  }
}

/** Follow one element until it settles or leaves the page. */
export async function follow(
  part: HTMLElement,
  fetch: Fetch,
  pause: (ms: number) => Promise<void> = sleep,
): Promise<void> {
  let current = part;
  let wait = FIRST_PAUSE_MS;
  let version = "";
  while (current.dataset.live && current.isConnected) {
    await pause(wait);
    try {
      const headers: Record<string, string> = { Accept: "text/html" };
      if (version) headers["If-None-Match"] = version;
      const reply = await fetch(current.dataset.live, { headers, credentials: "same-origin" });
      if (reply.status === 304) {
        wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS);
      } else if (reply.ok && !reply.redirected) {
        version = reply.headers.get("ETag") ?? "";
        wait = FIRST_PAUSE_MS;
        current = replace(current, await reply.text());
      } else {
        // Signed out, or the page is gone: the next click says so.
        return;
      }
    } catch {
      // The hub does not answer just now. It is asked again, less often.
      wait = Math.min(wait * 2, LONGEST_PAUSE_MS);
    }
  }
}

/** Put the new fragment in place of the old one, keeping what the reader had opened and where the focus was. */
export function replace(old: HTMLElement, html: string): HTMLElement {
  const fresh = old.ownerDocument.createElement("template");
  fresh.innerHTML = html;
  const next =
    fresh.content.querySelector<HTMLElement>(`#${CSS.escape(old.id)}`) ?? fresh.content.firstElementChild;
  if (!(next instanceof HTMLElement)) return old;
  const opened = new Set(
    [...old.querySelectorAll<HTMLDetailsElement>("details[open][id]")].map((each) => each.id),
  );
  for (const each of next.querySelectorAll<HTMLDetailsElement>("details[id]")) {
    if (opened.has(each.id)) each.open = true;
  }
  const focused = old.ownerDocument.activeElement?.id;
  old.replaceWith(next);
  if (focused) next.querySelector<HTMLElement>(`#${CSS.escape(focused)}`)?.focus();
  return next;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
