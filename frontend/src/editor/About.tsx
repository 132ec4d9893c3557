import { useMemo } from "react";

import type { Preview, Schema } from "../api/shapes";
import type { AboutChange } from "../document/operations";
import type { Json, JsonObject, WorkflowDocument } from "../document/types";
import { Fields } from "../forms/Fields";
import { FormContext } from "../forms/FormContext";
import { offersOf } from "./offers";
import { Panel } from "./Panel";
import { documentOf, useEditor, useEditorStore } from "./store";
import { inWords } from "./problems";
import { t } from "../text";

/** As workflows/graph/document.py has it: what a document says about its runs as a whole. */
const SCHEMA: Schema = {
  type: "object",
  properties: {
    description: { type: "string", title: "Description", "x-lines": 3 },
    on_failure: {
      type: "object",
      title: "Error workflow",
      description: "It is started when a run of this one fails or is in doubt.",
      properties: { workflow: { type: "string", title: "Workflow", "x-offers": "workflows" } },
    },
    keys: {
      type: "object",
      title: "Business keys",
      description: "What a run is about, such as person or job: runs are found by it, and told in order.",
      additionalProperties: {
        type: "string",
        "x-expression": true,
        "x-placeholder": "trigger.body.person",
      },
    },
    priority: { enum: ["normal", "high", "urgent"], title: "Priority", default: "normal" },
  },
};

/** What concerns the whole workflow, and no step of it. */
export function About(): React.JSX.Element {
  const store = useEditorStore();
  const document = useEditor(documentOf);
  const catalog = useEditor((editor) => editor.catalog);
  const problems = useEditor((editor) => editor.problems);
  const slug = useEditor((editor) => editor.slug);
  const isReadOnly = useEditor((editor) => !editor.may.has("workflow.edit"));
  const soughtField = useEditor((editor) => editor.soughtField);
  const surroundings = useMemo(
    () => ({
      isReadOnly,
      mayCompute: false,
      problemsAt: (at: string) =>
        problems.filter((each) => each.step === "" && each.field === at).map(inWords),
      choices: null,
      offers: (list: string, values: Readonly<Record<string, Json>>) =>
        offersOf(catalog, list, values).filter((each) => each.value !== slug),
      schemaOf: () => null,
      preview: (value: Json) => store.getState().hub.post<Preview>("expressions/evaluate", { value }),
      onFocus: () => undefined,
      soughtField,
    }),
    [isReadOnly, problems, catalog, slug, store, soughtField],
  );
  return (
    <Panel title={t("About the workflow")}>
      <FormContext.Provider value={surroundings}>
        <Fields
          schema={SCHEMA}
          root={SCHEMA}
          value={aboutOf(document)}
          place=""
          onChange={(value) => {
            store.getState().edit({ type: "describe", change: changeTo(value) }, "about");
          }}
        />
      </FormContext.Provider>
    </Panel>
  );
}

function aboutOf({ description, on_failure, keys, priority }: WorkflowDocument): JsonObject {
  return {
    ...(description === undefined ? {} : { description }),
    ...(on_failure === undefined ? {} : { on_failure }),
    ...(keys === undefined ? {} : { keys }),
    ...(priority === undefined ? {} : { priority }),
  };
}

/** What is empty is taken out of the document. */
function changeTo(value: JsonObject): AboutChange {
  const { description, on_failure, keys, priority } = value;
  return {
    description: typeof description === "string" && description !== "" ? description : undefined,
    on_failure: isFilled(on_failure) && on_failure["workflow"] ? on_failure : undefined,
    keys: isFilled(keys) ? keys : undefined,
    priority: typeof priority === "string" ? priority : undefined,
  };
}

function isFilled(value: Json | undefined): value is JsonObject {
  return (
    value !== null &&
    typeof value === "object" &&
    !Array.isArray(value) &&
    Object.keys(value).some((each) => each !== "")
  );
}
