import { useRef, useState } from "react";
import { useNavigate } from "react-router";

import { useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Workflow } from "../../api/shapes";
import { t } from "../../text";
import { Trouble } from "../../ui/parts";

/** What the hub takes. */
const MOST_BYTES = 10 * 1024 * 1024;

/** A new workflow from a name, or from a file that was exported. Both lead into the designer. */
export function Making(): React.JSX.Element {
  const { hub } = useSession();
  const go = useNavigate();
  const [name, setName] = useState("");
  const file = useRef<HTMLInputElement>(null);
  const make = useDoing(
    async (given: { name: string } | { document: unknown }) => {
      const made = await hub.post<Workflow>("workflows", given);
      await go(`/workflows/${made.slug}/design`);
    },
    ["workflows"],
  );
  const take = useDoing(async (held: File) => {
    if (held.size > MOST_BYTES) {
      throw new Error(t("The file is larger than 10 MB, and no workflow is. Nothing was read."));
    }
    let document: unknown;
    try {
      document = JSON.parse(await held.text());
    } catch {
      throw new Error(t("The file is not JSON. Choose a workflow that was exported here."));
    }
    await make.mutateAsync({ document });
  }, []);
  return (
    <div className="stack">
      <form
        className="row"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate({ name });
        }}
      >
        <label className="hidden-visually" htmlFor="new-workflow">
          {t("Name of the new workflow")}
        </label>
        <input
          id="new-workflow"
          required
          maxLength={200}
          placeholder={t("Name of the new workflow")}
          value={name}
          onChange={(event) => {
            setName(event.target.value);
          }}
        />
        <button className="primary" disabled={make.isPending}>
          {t("New workflow")}
        </button>
        <button type="button" onClick={() => file.current?.click()}>
          {t("Import…")}
        </button>
        <input
          ref={file}
          type="file"
          hidden
          accept="application/json,.json"
          aria-label={t("An exported workflow")}
          onChange={(event) => {
            const held = event.target.files?.[0];
            if (held) take.mutate(held);
            event.target.value = "";
          }}
        />
      </form>
      <Trouble of={take.error ?? make.error} />
    </div>
  );
}
