/** What the value of an expression is computed with while it is written. */

import type { StoreApi } from "zustand";

import type { Preview } from "../api/shapes";
import { holderOf, stepOf } from "../document/levels";
import type { Json } from "../document/types";
import { scopeIn } from "./items";
import type { Editor } from "./store";

/** Where expressions of a step read each item of a list. */
const OF_ITEM: Readonly<Record<string, readonly string[]>> = {
  filter: ["settings/where"],
  sort: ["settings/by"],
  distinct: ["settings/by"],
  group: ["settings/by", "settings/give"],
  rules: ["settings/record"],
};

/** Inside of a for-each the item that is looked at; of a filter and the like the first one of its list. */
export async function scopeFor(
  store: StoreApi<Editor>,
  id: string,
  place: string,
): Promise<Record<string, unknown>> {
  const editor = store.getState();
  const step = stepOf(editor.history.present, id);
  if (!step) return {};
  if (step.body && place !== "settings/items" && place !== "settings/start") return scopeIn(editor, id);
  const around = scopeIn(editor, holderOf(editor.history.present, id));
  const items = step.settings?.["items"];
  if (items === undefined || !OF_ITEM[step.kind]?.some((each) => place.startsWith(each))) return around;
  const run = editor.run?.id ?? null;
  const seen = await editor.hub.post<Preview>("expressions/evaluate", { value: items, run, scope: around });
  const first: Json = Array.isArray(seen.value) ? ((seen.value as readonly Json[])[0] ?? null) : seen.value;
  return { ...around, item: first, index: 0 };
}
