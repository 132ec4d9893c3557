import { useState } from "react";

import { useDoing } from "../api/asking";
import { useSession } from "../api/session";
import { t } from "../text";
import { Window } from "./Confirm";
import { Input } from "./Input";
import { Trouble } from "./parts";

/** A button that stops a run, a workflow, a connection, or with none of them everything; with the reason. */
export function Stop({
  of,
  title,
}: {
  of: { run?: string; workflow?: string; connection?: string };
  title: string;
}): React.JSX.Element | null {
  const { hub, may } = useSession();
  const [isOpen, setIsOpen] = useState(false);
  const [reason, setReason] = useState("");
  const [writesOnly, setWritesOnly] = useState(false);
  const stop = useDoing(async () => {
    await hub.post("halts", { ...of, reason, writes_only: writesOnly });
    setIsOpen(false);
  }, ["halts", "runs"]);
  if (!may(Object.keys(of).length > 0 ? "halt.make" : "halt.everything")) return null;
  return (
    <>
      <button
        type="button"
        onClick={() => {
          setIsOpen(true);
        }}
      >
        {title}
      </button>
      {isOpen ? (
        <Window
          title={title}
          onClose={() => {
            setIsOpen(false);
          }}
        >
          <form
            className="form"
            onSubmit={(event) => {
              event.preventDefault();
              stop.mutate(undefined);
            }}
          >
            <p>
              {t("What is under way ends its step. Nothing further begins until somebody lets it go on.")}
            </p>
            <Input title={t("Reason")} value={reason} onChange={setReason} isRequired />
            <label className="toggle-line">
              <input
                type="checkbox"
                checked={writesOnly}
                onChange={(event) => {
                  setWritesOnly(event.target.checked);
                }}
              />
              {t("Only what writes; reading goes on")}
            </label>
            <Trouble of={stop.error} />
            <div>
              <button className="danger" disabled={stop.isPending}>
                {t("Stop")}
              </button>
            </div>
          </form>
        </Window>
      ) : null}
    </>
  );
}
