import { useId, useState } from "react";

import { useAnswer, useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { Section, Trouble } from "../../ui/parts";

export interface Shelves {
  readonly folders: readonly string[];
  readonly tags: readonly string[];
}

/** In which folder a workflow is kept, and its tags. */
export function Shelf({
  slug,
  folder,
  tags,
}: {
  slug: string;
  folder: string;
  tags: readonly string[];
}): React.JSX.Element {
  const { hub, may } = useSession();
  const id = useId();
  const known = useAnswer<Shelves>("workflow-shelves").data;
  const [place, setPlace] = useState(folder);
  const [words, setWords] = useState(tags.join(", "));
  const save = useDoing(
    () => hub.put(`workflows/${slug}/shelf`, { folder: place, tags: words.split(",") }),
    ["workflows", "workflow-shelves"],
  );
  const isReadOnly = !may("workflow.edit");
  return (
    <Section title={t("Where it is kept")}>
      <form
        className="filters"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(undefined);
        }}
      >
        <div className="field">
          <label htmlFor={`${id}-folder`}>{t("Folder")}</label>
          <input
            id={`${id}-folder`}
            list={`${id}-folders`}
            value={place}
            maxLength={200}
            placeholder={t("none; a/b is within a")}
            readOnly={isReadOnly}
            onChange={(event) => {
              setPlace(event.target.value);
            }}
          />
          <datalist id={`${id}-folders`}>
            {known?.folders.map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </div>
        <div className="field wide">
          <label htmlFor={`${id}-tags`}>{t("Tags, with commas between them")}</label>
          <input
            id={`${id}-tags`}
            value={words}
            readOnly={isReadOnly}
            onChange={(event) => {
              setWords(event.target.value);
            }}
          />
        </div>
        {isReadOnly ? null : (
          <button type="submit" disabled={save.isPending}>
            {t("Keep it there")}
          </button>
        )}
      </form>
      {save.isSuccess ? <p role="status">{t("It is kept there.")}</p> : null}
      <Trouble of={save.error} />
    </Section>
  );
}
