import { useEffect, useRef } from "react";

import { t } from "../text";

/** A window over the page. Escape and the button close it; the focus goes back to where it was. */
export function Window({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: React.ReactNode;
}): React.JSX.Element {
  const box = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    box.current?.showModal();
  }, []);
  return (
    <dialog
      ref={box}
      className="window"
      aria-label={title}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === box.current) box.current.close();
      }}
    >
      <div className="stack">
        <div className="title">
          <h2>{title}</h2>
          <div className="actions">
            <button
              type="button"
              className="small"
              onClick={() => box.current?.close()}
              aria-label={t("Close")}
            >
              ×
            </button>
          </div>
        </div>
        {children}
      </div>
    </dialog>
  );
}

/** Asks before what cannot be undone. */
export function Confirm({
  title,
  says,
  verb,
  onYes,
  onClose,
}: {
  title: string;
  says: string;
  verb: string;
  onYes: () => void;
  onClose: () => void;
}): React.JSX.Element {
  return (
    <Window title={title} onClose={onClose}>
      <p>{says}</p>
      <div className="row">
        <button
          type="button"
          className="danger"
          onClick={() => {
            onYes();
            onClose();
          }}
        >
          {verb}
        </button>
        <button type="button" onClick={onClose}>
          {t("Leave it as it is")}
        </button>
      </div>
    </Window>
  );
}
