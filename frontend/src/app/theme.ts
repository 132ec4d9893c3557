/** Light or dark: as the device says, unless somebody chose. */

export type Theme = "" | "light" | "dark";
const KEPT_AS = "lockgate:theme";

export function currentTheme(): Theme {
  const kept = window.localStorage.getItem(KEPT_AS);
  return kept === "light" || kept === "dark" ? kept : "";
}

export function chooseTheme(theme: Theme): void {
  window.localStorage.setItem(KEPT_AS, theme);
  wear(theme);
}

export function wear(theme: Theme): void {
  document.documentElement.dataset["theme"] = theme;
}
