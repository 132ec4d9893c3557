import { useDoing } from "../../api/asking";
import { useSession } from "../../api/session";
import type { JsonObject } from "../../document/types";
import { t } from "../../text";
import { JsonView } from "../../ui/Json";
import { Notice, Section, Trouble } from "../../ui/parts";

/** What is wrong in the directory behind a connection. Nothing is written. */
export function DirectoryCheck({ id }: { id: string }): React.JSX.Element {
  const { hub } = useSession();
  const check = useDoing(() => hub.post<{ report: JsonObject }>(`connections/${id}/check-directory`, {}), []);
  const report = check.data?.report;
  return (
    <Section title={t("Is the directory in order?")}>
      <p className="muted">
        {t(
          "Looks for cycles of groups, empty groups, members that are gone, and values that several people have.",
        )}
      </p>
      <div>
        <button
          type="button"
          disabled={check.isPending}
          onClick={() => {
            check.mutate(undefined);
          }}
        >
          {check.isPending ? t("Checking…") : t("Check the directory")}
        </button>
      </div>
      <Trouble of={check.error} />
      {report ? (
        <>
          <Notice tone={report["complete"] === true ? "good" : "warn"}>
            {report["complete"] === true
              ? t("The directory was read as a whole.")
              : t("The directory could not be read as a whole: what is not listed is not known.")}
          </Notice>
          <JsonView title={t("What was found")} value={report} />
        </>
      ) : null}
    </Section>
  );
}
