import { useState } from "react";

import { useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import type { LiveTrigger } from "../../api/shapes";
import type { JsonObject } from "../../document/types";
import { t } from "../../text";
import { Notice, Trouble } from "../../ui/parts";
import { Calls } from "./Calls";

/** The address of a webhook, its secret, how it is called, and who called. */
export function Webhook({ trigger, slug }: { trigger: LiveTrigger; slug: string }): React.JSX.Element {
  const { hub, may } = useSession();
  const [secret, setSecret] = useState("");
  const make = useDoing(async () => {
    const made = await hub.post<{ secret: string }>(`triggers/${trigger.id}/secret`, {});
    setSecret(made.secret);
  }, [`workflows/${slug}/triggers`]);
  const check = (trigger.settings["check"] ?? {}) as JsonObject;
  const kind = textOf(check["kind"]) || "none";
  const curl = curlOf(trigger.address, kind, textOf(check["header"]));
  return (
    <>
      <p>
        <code>{trigger.address}</code>
      </p>
      {kind !== "none" && !trigger.has_secret ? (
        <Notice tone="warn">{t("It has no secret yet, so every call is refused.")}</Notice>
      ) : null}
      {secret ? (
        <Notice tone="good">
          <p>{t("The new secret, shown this once:")}</p>
          <p>
            <code>{secret}</code>
          </p>
        </Notice>
      ) : null}
      <details>
        <summary>{t("Call it with curl")}</summary>
        <pre tabIndex={0} aria-label="curl">
          {curl}
        </pre>
        <button type="button" className="small" onClick={() => void navigator.clipboard.writeText(curl)}>
          {t("Copy")}
        </button>
      </details>
      {kind !== "none" && may("trigger.edit") ? (
        <div>
          <button
            type="button"
            className="small"
            onClick={() => {
              make.mutate(undefined);
            }}
          >
            {trigger.has_secret ? t("Replace the secret") : t("Make a secret")}
          </button>
        </div>
      ) : null}
      <Trouble of={make.error} />
      <Calls slug={slug} trigger={trigger.name} />
    </>
  );
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function curlOf(address: string, kind: string, header: string): string {
  const lines = [`curl -X POST '${address}'`, `  -H 'Content-Type: application/json'`];
  if (kind === "token")
    lines.push(header ? `  -H '${header}: THE-SECRET'` : `  -H 'Authorization: Bearer THE-SECRET'`);
  if (kind === "basic") lines.push(`  -u 'USER:THE-SECRET'`);
  return [...lines, `  -d '{"hello": "world"}'`].join(" \\\n");
}
