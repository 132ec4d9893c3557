import { useEffect } from "react";

import { ENDED } from "../api/shapes";
import type { Run } from "../api/shapes";
import { Panel } from "../editor/Panel";
import { useEditor, useEditorStore } from "../editor/store";
import { useWatched } from "./useWatched";
import { StartForm } from "./StartForm";
import { StateBadge } from "./StateBadge";
import { Data } from "./StepRun";
import { loadRuns } from "./watching";
import { said, t } from "../text";
import { lasted, moment } from "../text/time";

/** Starting a run, the run that is laid over the canvas, and those before it. */
export function Runs(): React.JSX.Element {
  const store = useEditorStore();
  const run = useEditor((editor) => editor.run);
  const recent = useEditor((editor) => editor.recentRuns);
  const slug = useEditor((editor) => editor.slug);
  const published = useEditor((editor) => editor.published);
  const mayStart = useEditor((editor) => editor.may.has("run.start"));
  const watchRun = useWatched();
  useEffect(() => {
    void loadRuns(store);
  }, [store]);
  return (
    <Panel title={t("Runs")}>
      {!mayStart ? null : published === null ? (
        <p className="notice info">{t("Publish a version, then it can run.")}</p>
      ) : (
        <StartForm key={published.number} slug={slug} number={published.number} onStarted={watchRun} />
      )}
      {run ? <Shown run={run} /> : null}
      <section className="fields">
        <h3>{t("Before")}</h3>
        {recent.length === 0 ? <p className="muted">{t("It has not run yet.")}</p> : null}
        <ul className="plain">
          {recent.map((each) => (
            <li key={each.id}>
              <button
                type="button"
                className="problem"
                aria-pressed={run?.id === each.id}
                onClick={() => {
                  watchRun(each.id);
                }}
              >
                <span className="row">
                  <StateBadge state={each.state} />
                  <time dateTime={each.created_at}>{moment(each.created_at)}</time>
                </span>
                <small>{`${t("Version {n}", { n: each.version })}${each.ended_at ? `, ${lasted(each.created_at, each.ended_at)}` : ""}`}</small>
              </button>
            </li>
          ))}
        </ul>
      </section>
    </Panel>
  );
}

function Shown({ run }: { run: Run }): React.JSX.Element {
  const store = useEditorStore();
  const may = useEditor((editor) => editor.may);
  const watchRun = useWatched();
  const act = async (verb: "cancel" | "retry"): Promise<void> => {
    try {
      await store.getState().hub.post(`runs/${run.id}/${verb}`, {});
      watchRun(run.id);
    } catch (trouble) {
      store.getState().announce(trouble instanceof Error ? trouble.message : String(trouble));
    }
  };
  const failed = run.steps.filter((each) => each.state === "failed");
  return (
    <section className="card" aria-label={t("The run that is shown")}>
      <p className="row">
        <StateBadge state={run.state} />
        <span>{said(run.explanation)}</span>
      </p>
      {failed.map((each) => (
        <button
          key={each.step}
          type="button"
          className="problem"
          onClick={() => {
            store.getState().open(each.step);
          }}
        >
          <strong>{each.step}</strong>
          <span>{each.error?.message ?? t("It failed.")}</span>
        </button>
      ))}
      <div className="row">
        {!ENDED.has(run.state) && may.has("run.cancel") ? (
          <button type="button" className="small" onClick={() => void act("cancel")}>
            {t("Cancel the run")}
          </button>
        ) : null}
        {run.state === "failed" && may.has("run.retry") ? (
          <button type="button" className="small" onClick={() => void act("retry")}>
            {t("Try the failed steps again")}
          </button>
        ) : null}
        <button
          type="button"
          className="small"
          onClick={() => {
            store.setState({ run: null });
          }}
        >
          {t("Take it off the canvas")}
        </button>
        <a href={`/runs/${run.id}`}>{t("Its page")}</a>
      </div>
      <details>
        <summary>{t("What it was started with")}</summary>
        <Data title={t("Input")} value={run.payload} />
      </details>
    </section>
  );
}
