import { useId } from "react";

import { useSession } from "../api/session";
import { chooseLanguage, currentLanguage, LANGUAGES, t } from "../text";
import type { Language } from "../text";
import { chooseTheme, currentTheme } from "./theme";
import type { Theme } from "./theme";

/** Who is signed in and where; how the pages speak and look. */
export function Who(): React.JSX.Element {
  const { me, csrf } = useSession();
  const id = useId();
  return (
    <div className="who">
      {me.workspaces.length > 1 ? (
        <form method="post" action="/workspace">
          <input type="hidden" name="csrfmiddlewaretoken" value={csrf} />
          <label htmlFor={`${id}-workspace`}>{t("Workspace")}</label>
          <select
            id={`${id}-workspace`}
            name="workspace"
            defaultValue={me.workspace.slug}
            onChange={(event) => {
              event.currentTarget.form?.requestSubmit();
            }}
          >
            {me.workspaces.map((each) => (
              <option key={each.slug} value={each.slug}>
                {each.name}
              </option>
            ))}
          </select>
        </form>
      ) : (
        <p className="muted workspace">{me.workspace.name}</p>
      )}
      <details className="me">
        <summary>{me.person.name || me.person.username}</summary>
        <div className="stack">
          <div className="field">
            <label htmlFor={`${id}-language`}>{t("Language")}</label>
            <select
              id={`${id}-language`}
              defaultValue={currentLanguage()}
              onChange={(event) => {
                chooseLanguage(event.target.value as Language);
              }}
            >
              {Object.entries(LANGUAGES).map(([each, name]) => (
                <option key={each} value={each} lang={each}>
                  {name}
                </option>
              ))}
            </select>
          </div>
          <div className="field">
            <label htmlFor={`${id}-theme`}>{t("Colours")}</label>
            <select
              id={`${id}-theme`}
              defaultValue={currentTheme()}
              onChange={(event) => {
                chooseTheme(event.target.value as Theme);
              }}
            >
              <option value="">{t("As the device")}</option>
              <option value="light">{t("Light")}</option>
              <option value="dark">{t("Dark")}</option>
            </select>
          </div>
          <form method="post" action="/sign-out">
            <input type="hidden" name="csrfmiddlewaretoken" value={csrf} />
            <button className="small">{t("Sign out")}</button>
          </form>
        </div>
      </details>
    </div>
  );
}
