import type { RunItem } from "../api/shapes";
import { t } from "../text";
import { lookAt } from "./items";
import { useEditor, useEditorStore } from "./store";

/** Which item of the run is looked at: by number, or one further. Nothing when there is no run. */
export function ItemChooser({ holder }: { holder: string }): React.JSX.Element | null {
  const store = useEditorStore();
  const seen = useEditor((editor): RunItem | undefined => editor.seen[holder]);
  if (!seen) return null;
  if (seen.total === 0) return <span className="item-chooser muted">{t("no items")}</span>;
  const go = (index: number): void => {
    if (index >= 0 && index < seen.total) void lookAt(store, holder, index);
  };
  const stop = (event: React.SyntheticEvent): void => {
    event.stopPropagation();
  };
  return (
    <span
      className="item-chooser nodrag nopan"
      role="group"
      aria-label={t("Item that is looked at")}
      onClick={stop}
    >
      <button
        type="button"
        className="small"
        aria-label={t("Item before")}
        disabled={seen.index === 0}
        onClick={() => {
          go(seen.index - 1);
        }}
      >
        ‹
      </button>
      <input
        type="number"
        aria-label={t("Number of the item")}
        min={1}
        max={seen.total}
        value={seen.index + 1}
        onKeyDown={stop}
        onChange={(event) => {
          go(Number(event.target.value) - 1);
        }}
      />
      <span>{t("of {n}", { n: seen.total })}</span>
      <button
        type="button"
        className="small"
        aria-label={t("Item after")}
        disabled={seen.index + 1 >= seen.total}
        onClick={() => {
          go(seen.index + 1);
        }}
      >
        ›
      </button>
    </span>
  );
}
