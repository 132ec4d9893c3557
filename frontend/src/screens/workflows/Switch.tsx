import { useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { Trouble } from "../../ui/parts";

/** Whether the triggers start runs. */
export function Switch({
  of,
}: {
  of: { slug: string; name: string; is_active: boolean; published: unknown };
}): React.JSX.Element {
  const { hub, may } = useSession();
  const flip = useDoing((on: boolean) => hub.post(`workflows/${of.slug}/switch`, { on }), ["workflows"]);
  if (of.published === null) return <span className="muted">–</span>;
  return (
    <>
      <button
        type="button"
        role="switch"
        className="switch-button"
        aria-checked={of.is_active}
        aria-label={t("Triggers of {name}", { name: of.name })}
        disabled={!may("workflow.pause") || flip.isPending}
        onClick={() => {
          flip.mutate(!of.is_active);
        }}
      >
        <span className="knob" aria-hidden="true" />
        <span>{of.is_active ? t("on") : t("off")}</span>
      </button>
      <Trouble of={flip.error} />
    </>
  );
}
