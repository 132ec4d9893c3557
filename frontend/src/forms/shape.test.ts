import { describe, expect, it } from "vitest";
import fc from "fast-check";

import { KINDS, nameFor, readShape, writeShape } from "./shape";
import type { GivenField } from "./shape";

const field = fc.record({
  name: fc.string({ minLength: 1 }).filter((name) => name !== "__proto__" && !/^\d+$/.test(name)),
  title: fc.string(),
  kind: fc.constantFrom(...KINDS),
  options: fc.array(fc.string(), { minLength: 1 }),
  isRequired: fc.boolean(),
});

describe("the fields that a person gives", () => {
  it("are read from the schema as they were written", () => {
    fc.assert(
      fc.property(fc.uniqueArray(field, { selector: (each) => each.name }), (drawn) => {
        const fields: GivenField[] = drawn.map((each) =>
          each.kind === "choice" ? each : { ...each, options: [] },
        );
        expect(readShape(writeShape(fields) as never)).toEqual(fields);
      }),
    );
  });

  it("ask for a text that is not empty where one is needed", () => {
    const made = writeShape([
      { name: "reason", title: "Reason", kind: "text", options: [], isRequired: true },
    ]);
    expect(made).toEqual({
      type: "object",
      required: ["reason"],
      properties: { reason: { type: "string", title: "Reason", minLength: 1 } },
    });
  });

  it.each([
    { type: "object", properties: { a: { type: "string", maxLength: 3 } } },
    { type: "object", properties: { a: { type: "object", properties: {} } } },
    { type: "object", properties: { a: { enum: [1, 2] } } },
    { type: "object", properties: {}, required: ["b"] },
    { type: "object", additionalProperties: false },
    { type: "array" },
    "text",
  ])("stay JSON where the schema says more: %j", (schema) => {
    expect(readShape(schema as never)).toBeNull();
  });
});

describe("the name of a field", () => {
  it.each([
    ["Cost centre", [], "cost_centre"],
    ["Größe (m²)", [], "grosse_m2"],
    ["2nd reason", [], "nd_reason"],
    ["", ["field_1"], "field_2"],
    ["Reason", ["reason", "reason_2"], "reason_3"],
  ])("of %j beside %j is %s", (wanted, others, name) => {
    expect(nameFor(wanted, others)).toBe(name);
  });
});
