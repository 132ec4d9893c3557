import { useQueries } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";

import { keyOf } from "../../api/asking";
import { useSession } from "../../api/session";
import type { Page } from "../../api/shapes";
import { said, t } from "../../text";
import { State } from "../../ui/parts";
import { isLeftOut, withoutRow, withRow } from "./leftOut";
import type { LeftOut } from "./leftOut";
import { fieldsOf, shortly } from "./shapes";
import type { Change } from "./shapes";

const PER_PAGE = 50;

/** Where so many lines of a list of changes are asked for, from 0. */
export function pageOf(address: string, page: number): string {
  return `${address}${address.includes("?") ? "&" : "?"}offset=${String(page * PER_PAGE)}&limit=${String(PER_PAGE)}`;
}

/** However many lines: only those in view are drawn, and only their pages are asked for. */
export function ChangeRows({
  address,
  count,
  isMoving,
  leftOut,
  onLeaveOut,
}: {
  address: string;
  count: number;
  isMoving: boolean;
  leftOut: LeftOut;
  onLeaveOut: ((held: LeftOut) => void) | null;
}): React.JSX.Element {
  const { hub } = useSession();
  const box = useRef<HTMLDivElement>(null);
  // eslint-disable-next-line react-hooks/incompatible-library -- Nothing here is handed on.
  const rows = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => 72,
    overscan: 8,
  });
  const seen = rows.getVirtualItems();
  const pages = [...new Set(seen.map((each) => Math.floor(each.index / PER_PAGE)))];
  const answers = useQueries({
    queries: pages.map((page) => {
      const joined = pageOf(address, page);
      return {
        queryKey: keyOf(joined),
        queryFn: () => hub.get<Page<Change>>(joined),
        refetchInterval: isMoving ? (2_000 as const) : (false as const),
      };
    }),
  });
  const held = new Map(pages.map((page, at) => [page, answers[at]?.data?.items]));
  return (
    <div
      ref={box}
      className="change-box"
      role="table"
      aria-label={t("Changes")}
      aria-rowcount={count + 1}
      tabIndex={0}
    >
      <div role="rowgroup" className="change-head">
        <div role="row" className="change" aria-rowindex={1}>
          {[t("No."), t("Object"), t("What changes"), t("Why"), t("State")].map((title) => (
            <span role="columnheader" key={title}>
              {title}
            </span>
          ))}
        </div>
      </div>
      <div role="rowgroup" className="change-rows" style={{ blockSize: rows.getTotalSize() }}>
        {seen.map((each) => {
          const change = held.get(Math.floor(each.index / PER_PAGE))?.[each.index % PER_PAGE];
          return (
            <div
              key={each.key}
              ref={rows.measureElement}
              data-index={each.index}
              role="row"
              aria-rowindex={each.index + 2}
              className="change"
              style={{ transform: `translateY(${String(each.start)}px)` }}
            >
              {change ? (
                <Row change={change} leftOut={leftOut} onLeaveOut={onLeaveOut} />
              ) : (
                <span role="cell">{t("Loading…")}</span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Row({
  change,
  leftOut,
  onLeaveOut,
}: {
  change: Change;
  leftOut: LeftOut;
  onLeaveOut: ((held: LeftOut) => void) | null;
}): React.JSX.Element {
  const fields = fieldsOf(change);
  const isOut = isLeftOut(leftOut, change);
  const isRowOut = leftOut.rows.some((each) => each.position === change.position);
  return (
    <>
      <span role="cell" className="muted">
        {change.position}
      </span>
      <span role="cell">
        <strong>{change.title}</strong>
        <br />
        <small className={`operation ${change.operation}`}>{said(change.operation)}</small>{" "}
        <small className="muted">{change.resource}</small>
      </span>
      <span role="cell">
        <span className="field-changes">
          {fields.map((field) => (
            <span key={field.name}>
              <span className="muted">{field.name}</span>{" "}
              {field.before === undefined ? null : <del className="before">{shortly(field.before)}</del>}{" "}
              {field.after === undefined ? null : <ins className="after">{shortly(field.after)}</ins>}
            </span>
          ))}
        </span>
      </span>
      <span role="cell" className="cause">
        {Object.entries(change.cause).map(([name, value]) => (
          <span key={name}>
            <span className="muted">{name}</span> {shortly(value)}
          </span>
        ))}
      </span>
      <span role="cell">
        <State of={isOut ? "left_out" : change.state} />
        {change.message ? <small>{change.message}</small> : null}
        {onLeaveOut && (isRowOut || !isOut) ? (
          <button
            type="button"
            className="small"
            aria-pressed={isRowOut}
            aria-label={t("Leave out: {what}", { what: change.title })}
            onClick={() => {
              onLeaveOut(isRowOut ? withoutRow(leftOut, change.position) : withRow(leftOut, change));
            }}
          >
            {t("Leave out")}
          </button>
        ) : null}
      </span>
    </>
  );
}
