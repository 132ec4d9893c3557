import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";

import { useAnswer, useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Page, Run, Version } from "../../api/shapes";
import { titleOf } from "../../document/types";
import type { Json, WorkflowDocument } from "../../document/types";
import { t, tn } from "../../text";
import { Notice, Trouble } from "../../ui/parts";
import { Select } from "../../ui/Select";
import { Window } from "../../ui/Confirm";

interface Told {
  readonly version: number;
  readonly kept: readonly string[];
  readonly again: readonly string[];
  readonly written: readonly {
    readonly title: string;
    readonly item: string;
    readonly action: string;
    readonly output: Json;
  }[];
  readonly written_count: number;
}

/** Do steps of an ended run again, having seen first what is kept and what is not written twice. */
export function Replay({
  run,
  document,
  onClose,
}: {
  run: Run;
  document: WorkflowDocument | null;
  onClose: () => void;
}): React.JSX.Element {
  const { hub } = useSession();
  const go = useNavigate();
  const versions = useAnswer<Page<Version>>(`workflows/${run.workflow}/versions?limit=50`);
  const [step, setStep] = useState("");
  const [version, setVersion] = useState("");
  const [approvals, setApprovals] = useState("");
  const asked = { step, version: version ? Number(version) : null, approvals: approvals || "kept" };
  const told = useQuery<Told>({
    queryKey: ["replay", run.id, asked],
    queryFn: () => hub.post<Told>(`runs/${run.id}/replay/preview`, asked),
  });
  const replay = useDoing(async () => {
    const made = await hub.post<Run>(`runs/${run.id}/replay`, asked);
    onClose();
    await go(`/runs/${made.id}`);
  }, ["runs"]);
  const titles = new Map((document?.steps ?? []).map((each) => [each.id, titleOf(each)]));
  const named = (ids: readonly string[]): string =>
    ids.map((each) => titles.get(each) ?? each).join(", ") || "–";
  return (
    <Window title={t("Replay")} onClose={onClose}>
      <div className="filters">
        <Select
          title={t("Begin at")}
          any={t("the start")}
          value={step}
          options={[...titles]}
          onChange={setStep}
        />
        <Select
          title={t("Version")}
          any={t("the same ({n})", { n: run.version })}
          value={version}
          options={(versions.data?.items ?? [])
            .filter((each) => each.number !== run.version)
            .map((each) => [String(each.number), `${String(each.number)} ${each.message}`])}
          onChange={setVersion}
        />
        <Select
          title={t("Decisions")}
          any={t("are kept")}
          value={approvals}
          options={[["again", t("are asked for again")]]}
          onChange={setApprovals}
        />
      </div>
      <Trouble of={told.error ?? replay.error} />
      {told.data ? (
        <>
          <p>{`${t("Kept")}: ${named(told.data.kept)}`}</p>
          <p>{`${t("Done again")}: ${named(told.data.again)}`}</p>
          {told.data.written_count > 0 ? (
            <Notice tone="warn">
              <p>
                {tn(
                  "{n} write of these steps is done already. It is not repeated as long as its input is the same.",
                  "{n} writes of these steps are done already. They are not repeated as long as their input is the same.",
                  told.data.written_count,
                )}
              </p>
              <ul>
                {told.data.written.slice(0, 10).map((each, at) => (
                  <li key={String(at)}>{[each.title, each.item, each.action].filter(Boolean).join(", ")}</li>
                ))}
              </ul>
            </Notice>
          ) : null}
        </>
      ) : null}
      <div>
        <button
          type="button"
          className="primary"
          disabled={!told.data || replay.isPending}
          onClick={() => {
            replay.mutate(undefined);
          }}
        >
          {t("Replay")}
        </button>
      </div>
    </Window>
  );
}
