import { useState } from "react";
import { Link } from "react-router";

import { useAnswer, useList } from "../../api/asking";
import { useSession } from "../../api/session";
import { ENDED } from "../../api/shapes";
import type { Run, RunSummary, Version } from "../../api/shapes";
import { t } from "../../text";
import { Loading, State, Trouble, When } from "../../ui/parts";
import { JsonView } from "../../ui/Json";
import { Keys } from "../keys/Keys";
import { Replay } from "../runs/Replay";

/** The calls that were taken: each is a run, and can be replayed on any version once that has ended. */
export function Calls({ slug, trigger }: { slug: string; trigger: string }): React.JSX.Element {
  const { may } = useSession();
  const list = useList<RunSummary>(`runs?workflow=${slug}&cause=webhook&trigger=${trigger}&limit=5`);
  const [replayed, setReplayed] = useState("");
  const [shown, setShown] = useState("");
  return (
    <details open={list.items.length > 0}>
      <summary>{t("Received calls")}</summary>
      {list.items.length === 0 ? (
        <p className="muted">{t("None yet. A call that is taken appears here at once.")}</p>
      ) : (
        <ul className="plain">
          {list.items.map((each) => (
            <li className="line" key={each.id}>
              <State of={each.state} />
              <Link to={`/runs/${each.id}`}>
                <When at={each.created_at} isFull />
              </Link>
              <Keys of={each.keys} most={2} />
              <span className="row end">
                <button
                  type="button"
                  className="small"
                  aria-expanded={shown === each.id}
                  onClick={() => {
                    setShown(shown === each.id ? "" : each.id);
                  }}
                >
                  {t("What it sent")}
                </button>
                {may("run.replay") && ENDED.has(each.state) ? (
                  <button
                    type="button"
                    className="small"
                    onClick={() => {
                      setReplayed(each.id);
                    }}
                  >
                    {t("Replay…")}
                  </button>
                ) : null}
              </span>
              {shown === each.id ? <Sent run={each.id} /> : null}
            </li>
          ))}
        </ul>
      )}
      {list.hasMore ? (
        <p>
          <Link to={`/runs?workflow=${slug}&cause=webhook&trigger=${trigger}`}>
            {t("All received calls")}
          </Link>
        </p>
      ) : null}
      {replayed ? (
        <ReplayOf
          run={replayed}
          onClose={() => {
            setReplayed("");
          }}
        />
      ) : null}
    </details>
  );
}

function Sent({ run }: { run: string }): React.JSX.Element {
  const { data, error } = useAnswer<Run>(`runs/${run}`);
  return (
    <div className="whole">
      <Trouble of={error} />
      {data ? <JsonView title={t("What it sent")} value={data.payload} /> : <Loading />}
    </div>
  );
}

function ReplayOf({ run, onClose }: { run: string; onClose: () => void }): React.JSX.Element | null {
  const held = useAnswer<Run>(`runs/${run}`).data;
  const version = useAnswer<Version>(
    `workflows/${held?.workflow ?? ""}/versions/${String(held?.version ?? 0)}`,
    {
      isWanted: held !== undefined,
    },
  );
  if (!held || !version.data) return null;
  return <Replay run={held} document={version.data.document ?? null} onClose={onClose} />;
}
