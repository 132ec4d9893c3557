// The yardstick: JSONata's own implementation. Reads a line of JSON {expression, data}, answers with one.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const jsonata = createRequire(process.argv[2])("jsonata");

const kindOf = (value) => {
    if (value === undefined) return "nothing";
    const isFunction = typeof value === "function" || value?._jsonata_function || value?._jsonata_lambda;
    return isFunction ? "function" : "value";
};

for await (const line of createInterface({ input: process.stdin })) {
    const { expression, data } = JSON.parse(line);
    let answer;
    try {
        const value = await jsonata(expression).evaluate(data);
        const kind = kindOf(value);
        answer = kind === "value" ? { kind, value } : { kind };
    } catch (error) {
        answer = { kind: "error", code: error.code ?? String(error) };
    }
    process.stdout.write(JSON.stringify(answer) + "\n");
}
