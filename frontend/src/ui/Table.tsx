import { t } from "../text";
import type { Listed } from "../api/asking";
import { Loading, Trouble } from "./parts";

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => React.ReactNode;
  /** Names the row for screen readers. */
  readonly isHead?: boolean;
  readonly isNumber?: boolean;
  /** The title is only spoken. */
  readonly isQuiet?: boolean;
}

/** The column of a button that takes a row away; what is spoken names the row. */
export function takingAway<Row>({
  verb,
  spoken,
  isAllowed = true,
  onTake,
}: {
  verb: string;
  spoken: (row: Row) => string;
  isAllowed?: boolean;
  onTake: (row: Row) => void;
}): Column<Row> {
  return {
    title: t("What to do"),
    isQuiet: true,
    cell: (row) =>
      isAllowed ? (
        <button
          type="button"
          className="small danger"
          aria-label={spoken(row)}
          onClick={() => {
            onTake(row);
          }}
        >
          {verb}
        </button>
      ) : null,
  };
}

/** Rows and columns; on a phone each row becomes a card, and the titles stand beside the values. */
export function Table<Row>({
  name,
  columns,
  rows,
  keyOf,
}: {
  name: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
}): React.JSX.Element {
  return (
    <div className="table-box" role="region" aria-label={name} tabIndex={0}>
      <table className="table cards-on-phone">
        <thead>
          <tr>
            {columns.map((each) => (
              <th key={each.title} scope="col" className={each.isNumber ? "number" : undefined}>
                {each.isQuiet ? <span className="hidden-visually">{each.title}</span> : each.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={keyOf(row)}>
              {columns.map((each) => {
                const Cell = each.isHead ? "th" : "td";
                return (
                  <Cell
                    key={each.title}
                    {...(each.isHead ? { scope: "row" } : {})}
                    className={each.isNumber ? "number" : undefined}
                    data-title={each.isHead || each.isQuiet ? undefined : each.title}
                  >
                    <div className="value">{each.cell(row)}</div>
                  </Cell>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A list in pages as a table, with what to say when it is empty. */
export function ListTable<Row>({
  name,
  list,
  columns,
  keyOf,
  empty,
}: {
  name: string;
  list: Listed<Row>;
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string;
  empty: React.ReactNode;
}): React.JSX.Element {
  if (list.isLoading) return <Loading />;
  return (
    <>
      <Trouble of={list.trouble} />
      {list.items.length > 0 ? (
        <Table name={name} columns={columns} rows={list.items} keyOf={keyOf} />
      ) : list.trouble ? null : (
        empty
      )}
      <More of={list} />
    </>
  );
}

export function More({ of }: { of: Listed<unknown> }): React.JSX.Element | null {
  if (!of.hasMore) return null;
  return (
    <p className="pager">
      <button type="button" onClick={of.more} disabled={of.isLoadingMore}>
        {of.isLoadingMore ? t("Loading…") : t("Show more")}
      </button>
    </p>
  );
}
