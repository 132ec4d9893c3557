import { useMemo } from "react";

import { difference } from "../document/diff";
import { merged } from "../document/merge";
import { ABOUT } from "../document/types";
import { DifferenceView } from "./DifferenceView";
import { fieldWords } from "./fieldWords";
import { save } from "./saving";
import { documentOf, useEditor, useEditorStore } from "./store";
import { t } from "../text";

/** Somebody else saved in the meantime: what they changed, and the ways on. Whatever is chosen can be undone. */
export function Conflict(): React.JSX.Element | null {
  const store = useEditorStore();
  const theirs = useEditor((editor) => editor.theirs);
  const base = useEditor((editor) => editor.base);
  const mine = useEditor(documentOf);
  const catalog = useEditor((editor) => editor.catalog);
  const result = useMemo(() => (theirs ? merged(base, mine, theirs.draft) : null), [base, mine, theirs]);
  if (!theirs || !result) return null;
  const go = (document: typeof mine): void => {
    store.setState({
      revision: theirs.revision,
      base: theirs.draft,
      theirs: null,
      saving: "unsaved",
      trouble: "",
    });
    store.getState().edit({ type: "replace", document });
    void save(store);
  };
  return (
    <section
      className="notice warn conflict"
      role="alert"
      aria-label={t("Somebody else saved this workflow")}
    >
      <p>
        <strong>{t("Somebody else saved this workflow while you edited it.")}</strong>{" "}
        {t("Nothing is lost: your changes are here, theirs are on the hub.")}
      </p>
      <details>
        <summary>{t("What they changed")}</summary>
        <DifferenceView difference={difference(base, theirs.draft)} catalog={catalog} />
      </details>
      {result.conflicts.length > 0 ? (
        <p>
          {t("You both changed {names}: merging takes yours there.", {
            names: result.conflicts.map(named).join(", "),
          })}
        </p>
      ) : null}
      <div className="row">
        <button
          type="button"
          className="primary"
          onClick={() => {
            go(result.document);
          }}
        >
          {t("Merge both")}
        </button>
        <button
          type="button"
          onClick={() => {
            go(theirs.draft);
          }}
        >
          {t("Take theirs")}
        </button>
      </div>
    </section>
  );
}

/** A step by its title; what concerns the whole workflow by its name. */
function named(conflict: string): string {
  return (ABOUT as readonly string[]).includes(conflict) ? fieldWords(conflict) : conflict;
}
