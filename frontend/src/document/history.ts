/** Undo and redo: past documents in order. They share structure, so that keeping all of them costs little. */

import { apply } from "./apply";
import type { Operation } from "./operations";
import type { WorkflowDocument } from "./types";

export interface History {
  readonly past: readonly WorkflowDocument[];
  readonly present: WorkflowDocument;
  readonly future: readonly WorkflowDocument[];
  /** Edits of one gesture, such as typing in one field, have the same name and are one entry. */
  readonly gesture: string;
}

export function historyOf(document: WorkflowDocument): History {
  return { past: [], present: document, future: [], gesture: "" };
}

export function edited(history: History, operation: Operation, gesture = ""): History {
  const present = apply(history.present, operation);
  if (present === history.present) return history;
  const goesOn = gesture !== "" && gesture === history.gesture;
  return { past: goesOn ? history.past : [...history.past, history.present], present, future: [], gesture };
}

export function undone(history: History): History {
  const before = history.past.at(-1);
  if (!before) return history;
  return {
    past: history.past.slice(0, -1),
    present: before,
    future: [history.present, ...history.future],
    gesture: "",
  };
}

export function redone(history: History): History {
  const [next, ...later] = history.future;
  if (!next) return history;
  return { past: [...history.past, history.present], present: next, future: later, gesture: "" };
}
