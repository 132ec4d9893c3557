import { t } from "../text";

/** A value that belongs to nothing in the form, with what is wrong about it and a way to be rid of it. */
export function Unknown({ says, onRemove }: { says: string; onRemove: () => void }): React.JSX.Element {
  return (
    <p className="wrong row">
      {says}
      <button type="button" className="small" onClick={onRemove}>
        {t("Remove it")}
      </button>
    </p>
  );
}
