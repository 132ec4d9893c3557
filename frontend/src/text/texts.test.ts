// @vitest-environment jsdom
import { expect, test } from "vitest";

import { de } from "./de";
import { speak, t, tn, told } from "./index";

const names = (text: string): string[] =>
  [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1] ?? "").sort();

test("a translation fills the same places as the English text", () => {
  const wrong = Object.entries(de).filter(([english, german]) => {
    const [wanted, made] = [names(english), names(german)];
    return wanted.join() !== made.join();
  });

  expect(wrong).toEqual([]);
});

test("a sentence of the hub is said in German with what is filled in, and in its own words when it is unknown", async () => {
  const parts = {
    text: 'Step "{step}" lacks "{title}".',
    values: { step: "Filter {x}", title: { text: "Keep, when", values: {} } },
  };
  expect(told("unused", parts)).toBe('Step "Filter {x}" lacks "Keep, when".');

  await speak("de");

  expect(told("unused", parts)).toBe("Schritt „Filter {x}“ fehlt „Behalten, wenn“.");
  expect(told("A service said this.", null)).toBe("A service said this.");
  await speak("en");
});

test("the pages speak German once they are told to", async () => {
  expect(tn("{n} item", "{n} items", 1)).toBe("1 item");
  await speak("de");
  expect(document.documentElement.lang).toBe("de");
  expect(tn("{n} item", "{n} items", 2000)).toBe("2.000 Einträge");
  expect(t("Home")).toBe("Start");
  await speak("en");
});
