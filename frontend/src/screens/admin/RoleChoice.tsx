import { t } from "../../text";
import { ROLES } from "./roles";

/** Several roles, each with what it is for. */
export function RoleChoice({
  value,
  onChange,
  among,
}: {
  value: readonly string[];
  onChange: (roles: string[]) => void;
  /** Only these are offered. */
  among?: readonly string[];
}): React.JSX.Element {
  return (
    <fieldset>
      <legend>{t("Roles")}</legend>
      {ROLES.filter(([role]) => !among || among.includes(role)).map(([role, name, means]) => (
        <label key={role} className="toggle-line">
          <input
            type="checkbox"
            checked={value.includes(role)}
            onChange={(event) => {
              onChange(event.target.checked ? [...value, role] : value.filter((each) => each !== role));
            }}
          />
          <span>
            <strong>{t(name)}</strong> <span className="muted">{t(means)}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}
