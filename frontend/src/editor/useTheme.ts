import { useSyncExternalStore } from "react";

type Theme = "light" | "dark" | "system";

/** The colours that the page wears: those that somebody chose, else those of the device. */
export function useTheme(): Theme {
  return useSyncExternalStore(onChange, worn);
}

function onChange(tell: () => void): () => void {
  const watching = new MutationObserver(tell);
  watching.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  return () => {
    watching.disconnect();
  };
}

function worn(): Theme {
  const chosen = document.documentElement.dataset["theme"];
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}
