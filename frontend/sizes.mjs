// What a browser loads, compressed, against budgets. Growth without a reason fails; with one, raise the budget here.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUILT = new URL("../hub/web/static/built/", import.meta.url);
const BUDGETS = [
  { name: "at first (app.js and app.css)", files: /^app\.(js|css)$/, kB: 125 },
  { name: "the designer and its canvas", files: /^(DesignerPage|Drawing|designer)-.*\.(js|css)$/, kB: 110 },
  // All words of a language come at once, before the first page: the designer's and those of the kinds are half of them,
  // and what the hub says of a draft is a sixth. English needs none of them.
  { name: "the words of another language", files: /^de-.*\.js$/, kB: 36 },
  {
    name: "the largest other page",
    files: /^(?!DesignerPage|Drawing|designer|de-).*-.*\.js$/,
    kB: 15,
    isEach: true,
  },
];

const sizes = new Map(
  [...readdirSync(BUILT), ...readdirSync(new URL("chunks/", BUILT)).map((each) => `chunks/${each}`)]
    .filter((each) => /\.(js|css)$/.test(each))
    .map((each) => [each.replace("chunks/", ""), gzipSync(readFileSync(new URL(each, BUILT))).length / 1000]),
);
let isWithin = true;
for (const { name, files, kB, isEach } of BUDGETS) {
  const found = [...sizes].filter(([file]) => files.test(file)).map(([, size]) => size);
  const size = isEach ? Math.max(...found) : found.reduce((sum, each) => sum + each, 0);
  const verdict = size > kB ? "TOO LARGE" : "ok";
  isWithin &&= size <= kB;
  console.log(`${verdict.padEnd(10)} ${size.toFixed(1).padStart(6)} of ${String(kB)} kB  ${name}`);
}
process.exit(isWithin ? 0 : 1);
