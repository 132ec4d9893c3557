import { useEffect, useState } from "react";

import type { Page, Version } from "../api/shapes";
import { difference } from "../document/diff";
import type { Difference } from "../document/diff";
import type { WorkflowDocument } from "../document/types";
import { DifferenceView } from "./DifferenceView";
import { Panel } from "./Panel";
import { documentOf, useEditor, useEditorStore } from "./store";
import { t } from "../text";
import { moment } from "../text/time";

/** What was published, how it differs from the draft, and the way back to it. */
export function Versions(): React.JSX.Element {
  const store = useEditorStore();
  const published = useEditor((editor) => editor.published);
  const [versions, setVersions] = useState<readonly Version[] | null>(null);
  const [compared, setCompared] = useState<{ number: number; document: WorkflowDocument } | null>(null);
  const document = useEditor(documentOf);
  const mayEdit = useEditor((editor) => editor.may.has("workflow.edit"));
  const { hub, slug, catalog } = store.getState();

  useEffect(() => {
    let isCurrent = true;
    void hub.get<Page<Version>>(`workflows/${slug}/versions?limit=100`).then(({ items }) => {
      if (isCurrent) setVersions(items);
    });
    return () => {
      isCurrent = false;
    };
  }, [hub, slug, published]);

  const compare = async (number: number): Promise<void> => {
    const { document: held } = await hub.get<Version>(`workflows/${slug}/versions/${String(number)}`);
    if (held) setCompared({ number, document: held });
  };
  const differs: Difference | null = compared ? difference(compared.document, document) : null;
  return (
    <Panel title={t("Versions")}>
      {versions?.length === 0 ? <p className="empty">{t("Nothing is published yet.")}</p> : null}
      <ul className="plain">
        {versions?.map((each) => (
          <li key={each.id} className="card">
            <div className="row">
              <strong>{t("Version {n}", { n: each.number })}</strong>
              {published?.number === each.number ? <span className="badge good">{t("runs")}</span> : null}
            </div>
            {each.message ? <p>{each.message}</p> : null}
            <small className="muted">
              {`${each.created_by ?? t("Somebody")}, ${moment(each.created_at)}`}
            </small>
            <div>
              <button
                type="button"
                className="small"
                aria-pressed={compared?.number === each.number}
                aria-label={t("Compare version {n} with the draft", { n: each.number })}
                onClick={() => {
                  if (compared?.number === each.number) setCompared(null);
                  else void compare(each.number);
                }}
              >
                {t("Compare with the draft")}
              </button>
            </div>
            {compared?.number === each.number && differs ? (
              <>
                <DifferenceView difference={differs} catalog={catalog} />
                {mayEdit ? (
                  <div>
                    <button
                      type="button"
                      className="small"
                      onClick={() => {
                        store.getState().edit({ type: "replace", document: compared.document });
                        store
                          .getState()
                          .announce(
                            t("The draft is version {n} again. Undo takes it back.", { n: each.number }),
                          );
                      }}
                    >
                      {t("Make the draft this version")}
                    </button>
                  </div>
                ) : null}
              </>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
