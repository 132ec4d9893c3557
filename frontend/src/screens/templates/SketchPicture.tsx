import { kindPath } from "../../editor/KindIcon";
import { t } from "../../text";
import type { Sketch } from "./shapes";
import { sketched } from "./sketching";

const WIDE = 40;
const HIGH = 34;
const BOX = 24;
const MOST_COLUMNS = 8;

/** A flow as a small picture: a box with the sign of its kind for each step. */
export function SketchPicture({ sketch }: { sketch: Sketch }): React.JSX.Element {
  const { spots, columns, rows } = sketched(sketch, MOST_COLUMNS);
  const at = new Map(
    spots.map(({ id, column, row }) => [id, { x: (column + 0.5) * WIDE, y: (row + 0.5) * HIGH }]),
  );
  const names = sketch.steps.map((each) => each.title || each.id);
  return (
    <svg
      className="sketch"
      viewBox={`0 0 ${String(columns * WIDE)} ${String(rows * HIGH)}`}
      width={columns * WIDE}
      height={rows * HIGH}
      role="img"
      aria-label={t("Its steps: {names}", { names: names.join(", ") })}
    >
      {sketch.ways.map(([from, to], number) => {
        const one = at.get(from);
        const other = at.get(to);
        return one && other ? <path key={number} className="way" d={curve(one, other)} /> : null;
      })}
      {sketch.steps.map(({ id, kind }) => {
        const spot = at.get(id);
        return spot ? (
          <g key={id} transform={`translate(${String(spot.x - BOX / 2)} ${String(spot.y - BOX / 2)})`}>
            <rect width={BOX} height={BOX} rx={5} />
            <path className="sign" transform="translate(5 5) scale(0.583)" d={kindPath(kind)} />
          </g>
        ) : null;
      })}
    </svg>
  );
}

interface At {
  readonly x: number;
  readonly y: number;
}

/** From the right of a box to the left of the next; where the flow goes on in the line below, from below to above. */
function curve(one: At, other: At): string {
  const half = BOX / 2;
  const isBelow = other.x <= one.x;
  const [x1, y1] = isBelow ? [one.x, one.y + half] : [one.x + half, one.y];
  const [x2, y2] = isBelow ? [other.x, other.y - half] : [other.x - half, other.y];
  const bend = isBelow ? [x1, (y1 + y2) / 2, x2, (y1 + y2) / 2] : [(x1 + x2) / 2, y1, (x1 + x2) / 2, y2];
  return `M${String(x1)} ${String(y1)}C${bend.join(" ")} ${String(x2)} ${String(y2)}`;
}
