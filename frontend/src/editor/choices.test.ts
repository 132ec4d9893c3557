import { expect, it } from "vitest";

import { found } from "./choices";
import type { Addable } from "./choices";

const item = (title: string, description = ""): Addable => ({
  id: title,
  kind: "action",
  action: "",
  title,
  description,
  group: "Directory Services",
  isConnected: true,
  fitsInside: true,
});
const ITEMS = [
  item("List users"),
  item("Move a file", "For people who keep files."),
  item("Delete a group"),
  item("People of a unit"),
];

const titles = (query: string): string[] => found(ITEMS, query).map(({ title }) => title);

it("finds what people call by another word, after what has the word itself", () => {
  expect(titles("people")).toEqual(["People of a unit", "Move a file", "List users"]);
  expect(titles("remove")).toEqual(["Delete a group"]);
  expect(titles("peop")).toContain("List users");
});

it("wants every word", () => {
  expect(titles("list people")).toEqual(["List users"]);
  expect(titles("people nowhere")).toEqual([]);
  expect(titles("")).toHaveLength(ITEMS.length);
});
