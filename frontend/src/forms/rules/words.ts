import type { Text } from "../../text";
import type { GivenKind, Kind } from "./cells";

export const KIND_WORDS: Readonly<Record<Kind | GivenKind, Text>> = {
  text: "Text",
  number: "Number",
  date: "Date",
  boolean: "Yes or no",
  group: "Group",
  list: "List",
  json: "JSON",
};

/** How conditions of a kind are typed. */
export const HOW_TO_TYPE: Readonly<Record<Kind, Text>> = {
  text: "life · life | health · ~ l* (pattern) · != motor · empty · not empty",
  number: "3 · 3 | 5 · > 10 · <= 20 · 3..9 · != 4 · empty",
  date: "2026-05-03 · >= 2026-01-01 · 2026-01-01..2026-12-31 · empty",
  boolean: "yes · no · empty",
  group: "one of: a | b · all of: a & b · not in: != a · empty",
};
