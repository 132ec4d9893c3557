import { t } from "../../text";
import type { Text } from "../../text";
import { useForm } from "../FormContext";
import type { Kind } from "./cells";
import { textAt } from "./table";
import type { GridColumn, RuleTable } from "./table";
import { HOW_TO_TYPE } from "./words";

interface Operator {
  readonly sign: string;
  readonly words: Text;
}

const IS: Operator = { sign: "", words: "is, or is one of" };
const NOT: Operator = { sign: "!= ", words: "is not" };
const EMPTY: readonly Operator[] = [
  { sign: "empty", words: "is missing" },
  { sign: "not empty", words: "is there" },
];
const ORDERED: readonly Operator[] = [
  IS,
  { sign: ">= ", words: "is at least" },
  { sign: "> ", words: "is more than" },
  { sign: "<= ", words: "is at most" },
  { sign: "< ", words: "is less than" },
  { sign: "..", words: "is between" },
  NOT,
  ...EMPTY,
];
const OPERATORS: Readonly<Record<Kind, readonly Operator[]>> = {
  text: [IS, { sign: "~ ", words: "looks like" }, NOT, ...EMPTY],
  number: ORDERED,
  date: ORDERED,
  boolean: [IS, ...EMPTY],
  group: [IS, { sign: "& ", words: "is in all of" }, NOT, ...EMPTY],
};

/** What the cell that has the focus means, and its condition by choice instead of by signs. */
export function CellBar({
  table,
  at,
  column,
  problem,
  onChange,
}: {
  table: RuleTable;
  at: { readonly row: number; readonly column: number } | null;
  column: GridColumn | undefined;
  problem: string;
  onChange: (text: string) => void;
}): React.JSX.Element {
  const { isReadOnly } = useForm();
  if (!at || !column || column.part !== "when" || at.row >= table.rows.length) {
    return (
      <p className="cell-bar muted">
        {at && column?.part === "give"
          ? t("What the row gives as {name}.", { name: column.name })
          : t("Go to a cell to write its condition. An empty cell is met by anything.")}
      </p>
    );
  }
  const text = textAt(table, at.row, column);
  const operators = OPERATORS[column.kind];
  const held = operatorOf(text, operators);
  const values = text.startsWith(held.sign) && held.sign !== ".." ? text.slice(held.sign.length) : text;
  return (
    <p className="cell-bar">
      <strong>{t("{title}, row {n}", { title: column.name, n: at.row + 1 })}</strong>
      <select
        aria-label={t("Condition of {name}, row {n}", { name: column.name, n: at.row + 1 })}
        value={held.sign}
        disabled={isReadOnly}
        onChange={(event) => {
          onChange(written(event.target.value, values.replace(/\.\..*$/, "")));
        }}
      >
        {operators.map((each) => (
          <option key={each.sign} value={each.sign}>
            {t(each.words)}
          </option>
        ))}
      </select>
      {problem ? (
        <span className="wrong">{problem}</span>
      ) : (
        <small className="muted">{t(HOW_TO_TYPE[column.kind])}</small>
      )}
    </p>
  );
}

function operatorOf(text: string, operators: readonly Operator[]): Operator {
  const isEmpty = operators.find(
    (each) => !each.sign.endsWith(" ") && each.sign !== "" && each.sign === text,
  );
  const isBetween = operators.find((each) => each.sign === ".." && text.includes(".."));
  return (
    isEmpty ??
    isBetween ??
    operators.find((each) => each.sign.endsWith(" ") && text.startsWith(each.sign)) ??
    IS
  );
}

function written(sign: string, values: string): string {
  if (sign.includes("empty")) return sign;
  const held = values.includes("empty") ? "" : values;
  return sign === ".." ? `${held || "0"}..${held || "0"}` : `${sign}${held}`;
}
