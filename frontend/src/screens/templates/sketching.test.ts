import { describe, expect, it } from "vitest";

import { sketched } from "./sketching";

const flow = (ids: string, ...ways: string[]) => ({
  steps: ids.split("").map((id) => ({ id, kind: "action", title: id })),
  ways: ways.map((each) => [each[0] ?? "", each[1] ?? ""] as const),
});

describe("a small picture of a flow", () => {
  it("has each step after all that lead to it, and branches below each other", () => {
    const { spots, columns, rows } = sketched(flow("abcd", "ab", "ac", "bd", "cd", "ad"), 9);
    expect(spots).toEqual([
      { id: "a", column: 0, row: 0.5 },
      { id: "b", column: 1, row: 0 },
      { id: "c", column: 1, row: 1 },
      { id: "d", column: 2, row: 0.5 },
    ]);
    expect([columns, rows]).toEqual([3, 2]);
  });

  it("goes on in a further line when it is long", () => {
    const { spots, columns, rows } = sketched(flow("abcde", "ab", "bc", "cd", "de"), 3);
    expect(spots.map(({ column, row }) => [column, row])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
      [0, 1],
      [1, 1],
    ]);
    expect([columns, rows]).toEqual([3, 2]);
  });

  it("of nothing is empty", () => {
    expect(sketched(flow(""), 9)).toEqual({ spots: [], columns: 0, rows: 0 });
  });
});
