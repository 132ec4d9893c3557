import { useEffect, useRef, useState } from "react";

import { Refused } from "../api/hub";
import type { Version } from "../api/shapes";
import { askToPublish, loadProblems } from "./saving";
import { useEditor, useEditorStore } from "./store";
import { t } from "../text";

/** The button that publishes, and the window that asks for a message. */
export function Publish(): React.JSX.Element {
  const store = useEditorStore();
  const may = useEditor((editor) => editor.may.has("workflow.publish"));
  const isOpen = useEditor((editor) => editor.isPublishing);
  const setOpen = (isPublishing: boolean): void => {
    store.setState({ isPublishing });
  };
  const [message, setMessage] = useState("");
  const [wrong, setWrong] = useState("");
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const held = dialog.current;
    if (isOpen) held?.showModal();
    else held?.close();
  }, [isOpen]);

  const publish = async (): Promise<void> => {
    const { hub, slug, revision, announce } = store.getState();
    try {
      const version = await hub.post<Version>(`workflows/${slug}/publish`, { revision, message });
      store.setState({ published: version });
      announce(t("Version {n} is published.", { n: version.number }));
      setOpen(false);
      setMessage("");
      setWrong("");
    } catch (trouble) {
      setWrong(trouble instanceof Error ? trouble.message : String(trouble));
      if (trouble instanceof Refused) await loadProblems(store);
    }
  };
  return (
    <>
      <button
        type="button"
        className="primary small"
        disabled={!may}
        onClick={() => void askToPublish(store)}
      >
        {t("Publish")}
      </button>
      <dialog
        ref={dialog}
        aria-label={t("Publish the draft")}
        onClose={() => {
          setOpen(false);
        }}
      >
        <form
          className="fields"
          onSubmit={(event) => {
            event.preventDefault();
            void publish();
          }}
        >
          <h2>{t("Publish the draft")}</h2>
          <p>{t("From now on, new runs use what you see. Runs that are under way keep their version.")}</p>
          <div className="field">
            <label htmlFor="publish-message">{t("What changed")}</label>
            <input
              id="publish-message"
              value={message}
              maxLength={400}
              autoFocus
              onChange={(event) => {
                setMessage(event.target.value);
              }}
            />
          </div>
          {wrong ? (
            <p className="wrong" role="alert">
              {wrong}
            </p>
          ) : null}
          <div className="row">
            <button type="submit" className="primary">
              {t("Publish now")}
            </button>
            <button
              type="button"
              onClick={() => {
                setOpen(false);
              }}
            >
              {t("Not now")}
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}
