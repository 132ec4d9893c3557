/** Everything that can be done by a key: one list, which keys, menus and help read. */

import type { StoreApi } from "zustand";

import { copied, pasteInto, placeToPaste, readCopied } from "../document/clipboard";
import { layout } from "../document/layout";
import { allSteps, holderOf, stepOf } from "../document/levels";
import { t } from "../text";
import type { Text } from "../text";
import { looksIn, portsIn } from "./catalog";
import { askToPublish, save } from "./saving";
import { documentOf } from "./store";
import type { Editor } from "./store";

export interface Command {
  readonly id: string;
  readonly label: Text;
  /** As `shortcutOf` names it; empty when it has none. */
  readonly shortcut: string;
  readonly isEnabled: (editor: Editor) => boolean;
  readonly run: (store: StoreApi<Editor>) => void;
}

const mayEdit = (editor: Editor): boolean => editor.may.has("workflow.edit");
const hasSteps = (editor: Editor): boolean => mayEdit(editor) && editor.selected.size > 0;

export const COMMANDS: readonly Command[] = [
  {
    id: "add",
    label: "Add a step",
    shortcut: "/",
    isEnabled: mayEdit,
    run: (store) => {
      const editor = store.getState();
      const step = stepOf(documentOf(editor), [...editor.selected][0] ?? "");
      const port = step && portsIn(editor.catalog, step)[0];
      editor.add(step && port ? { kind: "after", from: step.id, port } : { kind: "free" });
    },
  },
  {
    id: "undo",
    label: "Undo",
    shortcut: "Mod+Z",
    isEnabled: (editor) => editor.history.past.length > 0,
    run: (store) => {
      store.getState().undo();
    },
  },
  {
    id: "redo",
    label: "Redo",
    shortcut: "Mod+Shift+Z",
    isEnabled: (editor) => editor.history.future.length > 0,
    run: (store) => {
      store.getState().redo();
    },
  },
  {
    id: "remove",
    label: "Remove what is selected",
    shortcut: "Delete",
    isEnabled: (editor) => hasSteps(editor) || (mayEdit(editor) && editor.selectedEdge !== null),
    run: (store) => {
      const { selected, selectedEdge, edit, announce } = store.getState();
      if (selected.size > 0) {
        edit({ type: "removeSteps", ids: [...selected] });
        announce(
          selected.size === 1
            ? t("The step was removed.")
            : t("{n} steps were removed.", { n: selected.size }),
        );
      } else if (selectedEdge) edit({ type: "disconnect", edges: [selectedEdge] });
    },
  },
  {
    id: "copy",
    label: "Copy",
    shortcut: "Mod+C",
    isEnabled: (editor) => editor.selected.size > 0,
    run: (store) => void copy(store),
  },
  {
    id: "cut",
    label: "Cut",
    shortcut: "Mod+X",
    isEnabled: hasSteps,
    run: (store) => {
      void copy(store);
      store.getState().edit({ type: "removeSteps", ids: [...store.getState().selected] });
    },
  },
  {
    id: "duplicate",
    label: "Duplicate",
    shortcut: "Mod+D",
    isEnabled: hasSteps,
    run: (store) => {
      const editor = store.getState();
      const [first = ""] = editor.selected;
      const document = documentOf(editor);
      paste(store, copied(document, editor.selected), holderOf(document, first));
    },
  },
  {
    id: "all",
    label: "Select everything",
    shortcut: "Mod+A",
    isEnabled: (editor) => documentOf(editor).steps.length > 0,
    run: (store) => {
      store.getState().select(allSteps(documentOf(store.getState())).map((step) => step.id));
    },
  },
  {
    id: "arrange",
    label: "Arrange the steps",
    shortcut: "Shift+L",
    isEnabled: mayEdit,
    run: (store) => {
      const { catalog, edit, history, announce } = store.getState();
      edit({ type: "moveSteps", to: layout(history.present, looksIn(catalog)) });
      announce(t("The steps were arranged."));
    },
  },
  {
    id: "view",
    label: "Canvas or outline",
    shortcut: "Shift+O",
    isEnabled: () => true,
    run: (store) => {
      store.setState({ view: store.getState().view === "canvas" ? "outline" : "canvas" });
    },
  },
  {
    id: "problems",
    label: "Problems",
    shortcut: "Shift+P",
    isEnabled: () => true,
    run: (store) => {
      store.getState().show("problems");
    },
  },
  {
    id: "runs",
    label: "Runs",
    shortcut: "Shift+R",
    isEnabled: () => true,
    run: (store) => {
      store.getState().show("runs");
    },
  },
  {
    id: "start",
    label: "What starts it",
    shortcut: "Shift+S",
    isEnabled: () => true,
    run: (store) => {
      store.getState().show("triggers");
    },
  },
  {
    id: "about",
    label: "About the workflow",
    shortcut: "Shift+A",
    isEnabled: () => true,
    run: (store) => {
      store.getState().show("about");
    },
  },
  {
    id: "publish",
    label: "Publish",
    shortcut: "Mod+Enter",
    isEnabled: (editor) => editor.may.has("workflow.publish"),
    run: (store) => void askToPublish(store),
  },
  { id: "save", label: "Save now", shortcut: "Mod+S", isEnabled: mayEdit, run: (store) => void save(store) },
  {
    id: "deselect",
    label: "Select nothing",
    shortcut: "Escape",
    isEnabled: (editor) => editor.selected.size > 0 || editor.side !== "none",
    run: (store) => {
      store.getState().select([]);
      store.setState({ side: "none" });
    },
  },
];

/** A key press as commands name it. Control and Command are both Mod. */
export function shortcutOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">,
): string {
  if (event.altKey) return "";
  const key =
    event.key === "Backspace" ? "Delete" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const shift = event.shiftKey && /^[A-Z]$|^.{2,}$/.test(key) ? "Shift+" : "";
  if ((event.ctrlKey || event.metaKey) && key === "Y") return "Mod+Shift+Z";
  return `${event.ctrlKey || event.metaKey ? "Mod+" : ""}${shift}${key}`;
}

export function commandFor(event: KeyboardEvent, editor: Editor): Command | undefined {
  const shortcut = shortcutOf(event);
  return COMMANDS.find((command) => command.shortcut === shortcut && command.isEnabled(editor));
}

/** Put copied steps in, beside where they were: inside of `into`, or where the selection says. */
export function paste(store: StoreApi<Editor>, text: string, into?: string): boolean {
  const held = readCopied(text);
  if (!held) return false;
  const editor = store.getState();
  const place = into ?? placeToPaste(documentOf(editor), editor.selected);
  const { operation, ids } = pasteInto(documentOf(editor), held, { x: 40, y: 60 }, place);
  editor.edit(operation);
  editor.select(ids);
  editor.announce(
    ids.length === 1 ? t("One step was put in.") : t("{n} steps were put in.", { n: ids.length }),
  );
  return true;
}

async function copy(store: StoreApi<Editor>): Promise<void> {
  const { history, selected, announce } = store.getState();
  await navigator.clipboard.writeText(copied(history.present, selected));
  announce(t("Copied, as text."));
}
