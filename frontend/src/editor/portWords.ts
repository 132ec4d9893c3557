import { said } from "../text";

/** A way out as it is called in the language of the page; those that somebody named keep their names. */
export function portWords(port: string): string {
  const key = `port: ${port}`;
  const words = said(key);
  return words === key ? port : words;
}
