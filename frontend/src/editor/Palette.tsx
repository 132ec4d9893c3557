import { useEffect, useMemo, useRef, useState } from "react";

import { arranged, placeAfter } from "../document/layout";
import { allSteps, holderOf, levelIn, stepOf } from "../document/levels";
import { titleOf } from "../document/types";
import type { Step } from "../document/types";
import { fieldsIn } from "../forms/schema";
import { t } from "../text";
import { fieldsOf, looksIn, portsIn } from "./catalog";
import type { Catalog } from "./catalog";
import { addables, found, stepFrom } from "./choices";
import type { Addable } from "./choices";
import { KindIcon } from "./KindIcon";
import { portWords } from "./portWords";
import { documentOf, useEditor, useEditorStore } from "./store";
import type { AddingPlace } from "./store";

/** The window in which a step is chosen: words, arrow keys, Enter. */
export function Palette(): React.JSX.Element | null {
  const adding = useEditor((editor) => editor.adding);
  return adding ? <Choosing key={JSON.stringify(adding)} place={adding} /> : null;
}

function Choosing({ place }: { place: AddingPlace }): React.JSX.Element {
  const store = useEditorStore();
  const catalog = useEditor((editor) => editor.catalog);
  const document = useEditor(documentOf);
  const dialog = useRef<HTMLDialogElement>(null);
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const from = place.kind === "after" ? place.from : place.kind === "on" ? place.edge.from : null;
  const holder = place.kind === "free" ? (place.into ?? "") : holderOf(document, from ?? "");
  const items = useMemo(
    () => addables(catalog).filter((each) => holder === "" || each.fitsInside),
    [catalog, holder],
  );
  const shown = useMemo(() => found(items, query), [items, query]);

  useEffect(() => {
    const held = dialog.current;
    held?.showModal();
    return () => held?.close();
  }, []);
  useEffect(() => {
    dialog.current?.querySelector(`#addable-${String(at)}`)?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const take = (item: Addable | undefined): void => {
    if (!item) return;
    // As long as nobody has placed a step, the layout places all of them.
    const isPlaced = allSteps(document).every((each) => each.at);
    const at = isPlaced
      ? placeAfter(levelIn(document, holder), arranged(document, looksIn(catalog)), from)
      : undefined;
    const step = stepFrom(item, catalog, document, at);
    const editor = store.getState();
    if (place.kind === "after") editor.edit({ type: "addStep", step, after: place });
    else if (place.kind === "on") {
      const port = portsIn(catalog, step)[0];
      editor.edit({ type: "addStep", step, on: place.edge, ...(port === undefined ? {} : { port }) });
    } else editor.edit({ type: "addStep", step, into: holder });
    editor.add(null);
    editor.open(step.id, firstField(catalog, step));
    editor.announce(
      from === null
        ? t("{title} was added.", { title: item.title })
        : t("{title} was added after {from}.", { title: item.title, from: wordsOf(from) }),
    );
  };
  const wordsOf = (id: string): string => {
    const step = stepOf(document, id);
    return step ? titleOf(step) : id;
  };
  const close = (): void => {
    store.getState().add(null);
  };
  const heading =
    place.kind === "after"
      ? t("Add after {from}, by {port}", { from: wordsOf(place.from), port: portWords(place.port) })
      : place.kind === "on"
        ? t("Put in between {from} and {to}", { from: wordsOf(place.edge.from), to: wordsOf(place.edge.to) })
        : holder === ""
          ? t("Add a step")
          : t("Add a step inside {title}", { title: wordsOf(holder) });
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label={heading}
      onClose={close}
      onClick={(event) => {
        if (event.target === dialog.current) close();
      }}
    >
      <h2>{heading}</h2>
      <input
        type="search"
        role="combobox"
        aria-expanded="true"
        aria-controls="addables"
        aria-activedescendant={shown.length > 0 ? `addable-${String(at)}` : undefined}
        aria-label={t("What should it do?")}
        placeholder={t("What should it do?")}
        value={query}
        autoFocus
        onChange={(event) => {
          setQuery(event.target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setAt(Math.min(at + 1, shown.length - 1));
          else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
          else if (event.key === "Enter") take(shown[at]);
          else return;
          event.preventDefault();
        }}
      />
      <ul id="addables" role="listbox" aria-label={t("Steps")}>
        {shown.map((item, index) => (
          <li
            key={item.id}
            id={`addable-${String(index)}`}
            role="option"
            aria-selected={index === at}
            onClick={() => {
              take(item);
            }}
          >
            <KindIcon kind={item.kind} />
            <div>
              <strong>{item.title}</strong> <span className="badge">{item.group}</span>
              {item.isConnected ? null : <span className="badge warn">{t("not connected")}</span>}
              <small>{item.description}</small>
            </div>
          </li>
        ))}
      </ul>
      {shown.length === 0 ? (
        <p className="muted">{t("Nothing does “{words}”. Try another word.", { words: query })}</p>
      ) : null}
      <p className="row">
        <button type="button" className="small" onClick={close}>
          {t("Cancel")}
        </button>
        <small className="muted">{t("Arrow keys choose, Enter adds, Escape closes.")}</small>
      </p>
    </dialog>
  );
}

/** The field that a new step needs first, else its name. */
function firstField(catalog: Catalog, step: Step): string {
  const fields = fieldsOf(catalog, step);
  const needed = fields && fieldsIn(fields.schema, fields.schema).find((field) => field.isRequired);
  return fields && needed ? `${fields.part}/${needed.name}` : "title";
}
