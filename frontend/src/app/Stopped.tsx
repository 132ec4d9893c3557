import { useDoing, useList } from "../api/asking";
import { useSession } from "../api/session";
import { t } from "../text";
import { Trouble } from "../ui/parts";

interface Halt {
  readonly id: string;
  readonly run: string | null;
  readonly workflow: string | null;
  readonly connection: string | null;
  readonly sentence: string;
}

/** Says on every page what somebody has stopped, as long as it is. */
export function Stopped(): React.JSX.Element | null {
  const { hub, may } = useSession();
  const list = useList<Halt>("halts?limit=20", { isWanted: may("halt.view") });
  const lift = useDoing((id: string) => hub.post(`halts/${id}/lift`, {}), ["halts", "runs"]);
  const shown = list.items.filter((each) => each.run === null);
  if (shown.length === 0) return null;
  return (
    <div className="stopped">
      {shown.map((each) => (
        <div className="lost" role="status" key={each.id}>
          <p>{each.sentence}</p>
          {may(each.workflow || each.connection ? "halt.make" : "halt.everything") ? (
            <button
              type="button"
              className="small"
              onClick={() => {
                lift.mutate(each.id);
              }}
            >
              {t("Let it go on")}
            </button>
          ) : null}
        </div>
      ))}
      <Trouble of={lift.error} />
    </div>
  );
}
