import { expect, test } from "vitest";

import { emptyOf, exampleOf, fieldsIn } from "./schema";

const root = {
  type: "object",
  required: ["to"],
  $defs: { Kind: { enum: ["plain", "rich"], type: "string" } },
  properties: {
    to: { type: "array", items: { type: "string" }, title: "To" },
    kind: { anyOf: [{ $ref: "#/$defs/Kind" }, { type: "null" }], default: null, title: "Kind" },
    lines: { type: "integer", "x-advanced": true },
    group: { type: "string", "x-choices": "groups" },
    headers: { type: "object", additionalProperties: { type: "string" } },
    body: {},
  },
};

test("each field gets the control that suits its schema, through references and nullable unions", () => {
  expect(fieldsIn(root, root).map((field) => [field.name, field.title, field.control])).toEqual([
    ["to", "To", "list"],
    ["kind", "Kind", "enum"],
    ["lines", "Lines", "number"],
    ["group", "Group", "choices"],
    ["headers", "Headers", "map"],
    ["body", "Body", "anything"],
  ]);
});

test("a new value fits its schema", () => {
  expect(emptyOf({ type: "array" }, root)).toEqual([]);
  expect(emptyOf({ $ref: "#/$defs/Kind" }, root)).toBe("plain");
  expect(emptyOf({ type: "integer", default: 7 }, root)).toBe(7);
});

test("an example shows the names that can be read", () => {
  const schema = {
    type: "object",
    properties: {
      people: { type: "array", items: { type: "object", properties: { mail: { type: "string" } } } },
    },
  };

  expect(exampleOf(schema, schema)).toEqual({ people: [{ mail: null }] });
});
