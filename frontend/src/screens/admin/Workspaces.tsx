import { useState } from "react";

import { useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import { t } from "../../text";
import { Input } from "../../ui/Input";
import { Notice, Section, Trouble } from "../../ui/parts";

/** The workspace's name, and further workspaces. */
export function Workspaces(): React.JSX.Element {
  const { hub, me } = useSession();
  const [name, setName] = useState(me.workspace.name);
  const [fresh, setFresh] = useState({ slug: "", name: "" });
  const rename = useDoing(() => hub.patch("workspace", { name }), ["workspace"]);
  const make = useDoing(async () => {
    await hub.post("workspaces", fresh);
    window.location.reload();
  }, ["workspaces"]);
  return (
    <Section title={t("Workspace")}>
      <div className="columns">
        <form
          className="form card"
          onSubmit={(event) => {
            event.preventDefault();
            rename.mutate(undefined);
          }}
        >
          <Input title={t("Name of the workspace")} value={name} onChange={setName} isRequired />
          <Trouble of={rename.error} />
          {rename.isSuccess ? (
            <Notice tone="good">{t("It is renamed. Load the page again to see it.")}</Notice>
          ) : null}
          <div>
            <button disabled={rename.isPending}>{t("Rename")}</button>
          </div>
        </form>
        <form
          className="form card"
          onSubmit={(event) => {
            event.preventDefault();
            make.mutate(undefined);
          }}
        >
          <Input
            title={t("Name of a new workspace")}
            value={fresh.name}
            onChange={(to) => {
              setFresh({ ...fresh, name: to });
            }}
            isRequired
          />
          <Input
            title={t("Its short name")}
            value={fresh.slug}
            onChange={(to) => {
              setFresh({ ...fresh, slug: to });
            }}
            isRequired
          />
          <Trouble of={make.error} />
          <div>
            <button disabled={make.isPending}>{t("Make the workspace")}</button>
          </div>
        </form>
      </div>
    </Section>
  );
}
