/** The words of the pages. English stands where it is used and is its own key; other languages translate it. A text
 * that has no translation does not compile. */

import type { de } from "./de";

export type Text = keyof typeof de;
export type Language = "en" | "de";
type Values = Readonly<Record<string, string | number>>;

export const LANGUAGES: Readonly<Record<Language, string>> = { en: "English", de: "Deutsch" };
const KEPT_AS = "lockgate:language";

let language: Language = "en";
let translated: Readonly<Record<string, string>> = {};

/** The language that somebody chose, else that of the browser. */
export function preferredLanguage(): Language {
  const wanted = [window.localStorage.getItem(KEPT_AS) ?? "", ...window.navigator.languages];
  const found = wanted.map((each) => each.slice(0, 2)).find((each) => each in LANGUAGES);
  return (found as Language | undefined) ?? "en";
}

/** Speak a language from the next drawing on. */
export async function speak(wanted: Language): Promise<void> {
  translated = wanted === "de" ? (await import("./de")).de : {};
  language = wanted;
  document.documentElement.lang = wanted;
}

/** Keep the choice for the next visit; the page is loaded anew to speak it. */
export function chooseLanguage(wanted: Language): void {
  window.localStorage.setItem(KEPT_AS, wanted);
  window.location.reload();
}

export function currentLanguage(): Language {
  return language;
}

/** A text in the language of the page. {names} are filled from the values. */
export function t(text: Text, values: Values = {}): string {
  return filled(translated[text] ?? text, values);
}

/** A text for a count: the first for one, the second for any other. */
export function tn(one: Text, many: Text, count: number, values: Values = {}): string {
  return t(count === 1 ? one : many, { n: inNumbers(count), ...values });
}

/** What the hub says, in the language of the page when it is known here. */
export function said(text: string): string {
  return translated[text] ?? text;
}

/** How the hub made a sentence: its English words, and what is filled in. */
export interface Parts {
  readonly text: string;
  readonly values: Readonly<Record<string, string | number | Parts>>;
}

/** A sentence of the hub in the language of the page; as the hub says it when it is not known here. */
export function told(words: string, parts: Parts | null | undefined): string {
  if (!parts) return said(words);
  const values = Object.entries(parts.values).map(([name, each]): [string, string | number] => [
    name,
    typeof each === "object" ? told(each.text, each) : each,
  ]);
  return filled(said(parts.text), Object.fromEntries(values));
}

export function inNumbers(value: number): string {
  return new Intl.NumberFormat(language === "en" ? "en-GB" : language).format(value);
}

function filled(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
