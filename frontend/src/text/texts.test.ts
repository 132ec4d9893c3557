// @vitest-environment jsdom
import { expect, test } from "vitest";

import { de } from "./de";
import { speak, t, tn } from "./index";

const names = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "").sort();

test("a translation fills the same places as the English text", () => {
  const wrong = Object.entries(de).filter(([english, german]) => {
    const [wanted, made] = [names(english), names(german)];
    return wanted.join() !== made.join();
  });

  expect(wrong).toEqual([]);
});

test("the pages speak German once they are told to", async () => {
  expect(tn("{n} item", "{n} items", 1)).toBe("1 item");
  await speak("de");
  expect(document.documentElement.lang).toBe("de");
  expect(tn("{n} item", "{n} items", 2000)).toBe("2.000 Einträge");
  expect(t("Home")).toBe("Start");
  await speak("en");
});
