// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";

import { FIRST_PAUSE_MS, follow, LONGEST_PAUSE_MS, replace } from "./live";

const never = (): Promise<void> => Promise.resolve();

beforeEach(() => {
  document.body.innerHTML = "";
  globalThis.CSS = { escape: (text: string) => text } as unknown as typeof CSS;
});

function part(html: string): HTMLElement {
  document.body.innerHTML = html;
  return document.body.firstElementChild as HTMLElement;
}

test("a part is asked for until it has settled", async () => {
  const replies = ['<div id="run" data-live="/run">two of three</div>', '<div id="run">finished</div>'];
  const asked: string[] = [];

  await follow(
    part('<div id="run" data-live="/run">one of three</div>'),
    (address) => {
      asked.push(address);
      return Promise.resolve(new Response(replies.shift()));
    },
    never,
  );

  expect(asked).toEqual(["/run", "/run"]);
  expect(document.body.textContent).toBe("finished");
});

test("an unchanged part is asked for less and less often", async () => {
  const pauses: number[] = [];
  const element = part('<div id="run" data-live="/run">working</div>');

  await follow(
    element,
    () => {
      if (pauses.length === 12) element.remove();
      return Promise.resolve(new Response(null, { status: 304 }));
    },
    (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  );

  expect(pauses[0]).toBe(FIRST_PAUSE_MS);
  expect(pauses.at(-1)).toBe(LONGEST_PAUSE_MS);
});

test("a hub that does not answer is asked again", async () => {
  let calls = 0;

  await follow(
    part('<div id="run" data-live="/run">working</div>'),
    () => {
      calls += 1;
      if (calls === 1) return Promise.reject(new TypeError("connection refused"));
      return Promise.resolve(new Response('<div id="run">finished</div>'));
    },
    never,
  );

  expect(document.body.textContent).toBe("finished");
});

test("a sign-in that has ended stops the asking and leaves the page as it was", async () => {
  await follow(
    part('<div id="run" data-live="/run">working</div>'),
    () => Promise.resolve(new Response("", { status: 403 })),
    never,
  );

  expect(document.body.textContent).toBe("working");
});

test("what the reader has opened stays open, and the focus stays", () => {
  const old = part(
    '<div id="run"><details id="a" open><summary id="s">A</summary></details><details id="b"></details></div>',
  );
  const summary = document.getElementById("s") as HTMLElement;
  summary.tabIndex = 0;
  summary.focus();

  replace(
    old,
    '<div id="run"><details id="a"><summary id="s" tabindex="0">A2</summary></details><details id="b"></details></div>',
  );

  expect((document.getElementById("a") as HTMLDetailsElement).open).toBe(true);
  expect((document.getElementById("b") as HTMLDetailsElement).open).toBe(false);
  expect(document.activeElement?.id).toBe("s");
});
