// @vitest-environment jsdom
import { expect, test } from "vitest";

import { inBytes } from "./sizes";

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1000, "1 kB"],
  [1_540, "1.5 kB"],
  [45_400_000, "45 MB"],
  [4_100_000_000, "4.1 GB"],
  [7e15, "7,000 TB"],
])("%d bytes are %s", (bytes, words) => {
  expect(inBytes(bytes)).toBe(words);
});
