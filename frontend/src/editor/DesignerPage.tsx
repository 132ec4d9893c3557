import { useEffect, useState } from "react";
import { useParams } from "react-router";
import type { StoreApi } from "zustand";

import type { Hub } from "../api/hub";
import { useSession } from "../api/session";
import type { DraftProblem, Workflow } from "../api/shapes";
import { canBeDrawn } from "../document/shape";
import { t } from "../text";
import { Loading, Trouble } from "../ui/parts";
import { App } from "./App";
import { loadCatalog } from "./catalog";
import "./designer.css";
import { followItems } from "./items";
import { keepPresent } from "./presence";
import { keepSaved, keptDraft, loadProblems, save } from "./saving";
import { createEditor, EditorContext } from "./store";
import type { Editor } from "./store";
import { Undrawable } from "./Undrawable";

const NARROW = "(max-width: 48rem)";

type Opened =
  | { readonly store: StoreApi<Editor>; readonly name: string }
  | { readonly draft: Workflow["draft"]; readonly name: string; readonly problems: readonly DraftProblem[] };

/** The designer of one workflow. */
export function Component(): React.JSX.Element {
  const { slug = "" } = useParams();
  const { hub, me } = useSession();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [trouble, setTrouble] = useState<Error | null>(null);
  const whose = `${me.workspace.id}:${me.person.id}`;
  const verbs = me.verbs;
  useEffect(() => {
    let isWanted = true;
    let stop = (): void => undefined;
    open(hub, slug, whose, verbs).then(
      (found) => {
        if (!isWanted) return;
        if ("store" in found) {
          const stops = [keepSaved(found.store), followItems(found.store), keepPresent(found.store)];
          stop = () => {
            for (const each of stops) each();
            void save(found.store); // Whoever goes to another page leaves nothing unsaved.
          };
        }
        setOpened(found);
      },
      (broken: unknown) => {
        if (isWanted) setTrouble(broken instanceof Error ? broken : new Error(String(broken)));
      },
    );
    return () => {
      isWanted = false;
      stop();
    };
  }, [hub, slug, whose, verbs]);
  return (
    <div id="designer">
      <title>{`${opened?.name ?? slug} · Lockgate`}</title>
      <h1 className="hidden-visually">{opened?.name ?? slug}</h1>
      <Trouble of={trouble} />
      {opened === null && trouble === null ? <Loading /> : null}
      {opened !== null && "store" in opened ? (
        <EditorContext.Provider value={opened.store}>
          <App />
        </EditorContext.Provider>
      ) : null}
      {opened !== null && "draft" in opened ? (
        <Undrawable draft={opened.draft} problems={opened.problems} />
      ) : null}
    </div>
  );
}

async function open(hub: Hub, slug: string, whose: string, verbs: readonly string[]): Promise<Opened> {
  const [workflow, catalog] = await Promise.all([hub.get<Workflow>(`workflows/${slug}`), loadCatalog(hub)]);
  if (!canBeDrawn(workflow.draft)) {
    const { problems } = await hub.get<{ problems: DraftProblem[] }>(`workflows/${slug}/problems`);
    return { draft: workflow.draft, name: workflow.name, problems };
  }
  const store = createEditor({
    slug,
    whose,
    hub,
    may: new Set(verbs),
    catalog,
    document: workflow.draft,
    revision: workflow.revision,
    published: workflow.published,
    isActive: workflow.is_active,
    view: window.matchMedia(NARROW).matches ? "outline" : "canvas",
  });
  const kept = keptDraft({ whose, slug });
  if (kept && kept.revision === workflow.revision) {
    store.getState().edit({ type: "replace", document: kept.document });
    store.getState().announce(t("What you had not saved last time is back. Undo takes it away."));
  }
  void loadProblems(store);
  return { store, name: workflow.name };
}
