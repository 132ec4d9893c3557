/** Where the steps of a small picture of a flow stand. No React here. */

import type { Sketch } from "./shapes";

export interface Spot {
  readonly id: string;
  readonly column: number;
  readonly row: number;
}

export interface Sketched {
  readonly spots: readonly Spot[];
  readonly columns: number;
  readonly rows: number;
}

const MOST_ROWS = 4;

/** Each step stands in a column after the last one that leads to it; a long flow goes on in a further line below. */
export function sketched({ steps, ways }: Sketch, most: number): Sketched {
  const layers = layersOf(
    steps.map((each) => each.id),
    ways,
  );
  const spots: Spot[] = [];
  let top = 0;
  let columns = 0;
  for (let from = 0; from < layers.length; from += most) {
    const line = layers.slice(from, from + most);
    const height = Math.max(...line.map((each) => each.length));
    line.forEach((layer, column) => {
      const above = (height - layer.length) / 2;
      layer.forEach((id, at) => spots.push({ id, column, row: top + above + at }));
    });
    columns = Math.max(columns, line.length);
    top += height;
  }
  return { spots, columns, rows: top };
}

function layersOf(ids: readonly string[], ways: Sketch["ways"]): string[][] {
  const layer = new Map<string, number>(ids.map((id) => [id, 0]));
  // A flow has no cycles, so that it is settled after as many rounds as there are steps.
  for (let round = 0, moved = true; moved && round < ids.length; round += 1) {
    moved = false;
    for (const [from, to] of ways) {
      const after = (layer.get(from) ?? 0) + 1;
      if ((layer.get(to) ?? after) < after) {
        layer.set(to, after);
        moved = true;
      }
    }
  }
  const made: string[][] = [];
  for (const id of ids) (made[layer.get(id) ?? 0] ??= []).push(id);
  return made.flatMap(inColumns);
}

/** Many branches stand side by side. */
function inColumns(layer: readonly string[]): string[][] {
  const count = Math.ceil(layer.length / MOST_ROWS);
  const rows = Math.ceil(layer.length / Math.max(count, 1));
  return Array.from({ length: count }, (_, column) => layer.slice(column * rows, (column + 1) * rows));
}
