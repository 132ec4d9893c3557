import { isRouteErrorResponse, useRouteError } from "react-router";

import { t } from "../text";
import { Empty, PageTitle } from "../ui/parts";

/** Shown in place of a page that broke: the menu stays. */
export function Broken(): React.JSX.Element {
  const trouble = useRouteError();
  if (isRouteErrorResponse(trouble) && trouble.status === 404) {
    return (
      <>
        <PageTitle title={t("There is nothing here.")} />
        <Empty action={<a href="/">{t("Back to the start")}</a>}>
          {t("The address may be misspelt, or what stood here is gone.")}
        </Empty>
      </>
    );
  }
  console.error(trouble);
  return (
    <>
      <PageTitle title={t("This page broke.")} />
      <Empty
        action={
          <button
            type="button"
            className="primary"
            onClick={() => {
              window.location.reload();
            }}
          >
            {t("Load it again")}
          </button>
        }
      >
        {t("Nothing is lost. Load the page again; if it stays so, tell whoever runs Lockgate what you did.")}{" "}
        <code>{trouble instanceof Error ? trouble.message : String(trouble)}</code>
      </Empty>
    </>
  );
}
