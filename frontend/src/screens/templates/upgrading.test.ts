import { expect, test } from "vitest";

import { merged } from "../../document/merge";
import type { Step, WorkflowDocument } from "../../document/types";
import { takingTheirs } from "./upgrading";

const document = (...steps: Step[]): WorkflowDocument => ({ format: 1, name: "w", steps });
const step = (id: string, title: string): Step => ({ id, kind: "merge", title });

test("a step that both changed is mine, unless the template's is taken", () => {
  const base = document(step("a", "A"), step("b", "B"));
  const mine = document(step("a", "Mine"), step("b", "Mine too"));
  const theirs = document(step("a", "Theirs"), step("b", "B"));
  const titles = (ids: readonly string[]): unknown =>
    merged(base, takingTheirs(mine, theirs, ids), theirs).document.steps.map((each) => each.title);

  expect(titles([])).toEqual(["Mine", "Mine too"]);
  expect(titles(["a"])).toEqual(["Theirs", "Mine too"]);
});
