import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  buildASTSchema,
  buildSchema,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
  validateSchema,
} from "graphql";
import { missingReference, readReference } from "../server/reference-file.ts";
import { wholeSchema } from "./executable-schema.ts";
import { schemaText } from "./schema.ts";
import { writesSchemaText } from "./schema/writes.ts";

const fileName = "linear.graphql";
const reference = readReference(fileName);

test("the Linear emulator's schema is valid", () => {
  assert.deepEqual(validateSchema(buildASTSchema(wholeSchema)), []);
});

describe(
  "the Linear emulator's schema is a subset of the published one",
  { skip: reference === null ? missingReference(fileName) : false },
  () => {
    const own = buildSchema(`${schemaText}\n${writesSchemaText}`);
    const published = buildSchema(reference ?? "type Query { nothing: Int }");
    const types = Object.values(own.getTypeMap()).filter(({ name }) => !name.startsWith("__"));

    for (const type of types) {
      test(`${type.name}`, () => {
        const other = published.getType(type.name);
        assert.ok(other, `${type.name} does not exist`);
        assert.equal(other.constructor, type.constructor, `${type.name} is another kind of type`);
        compareFields(type, other);
      });
    }
  },
);

function compareFields(type: GraphQLNamedType, other: GraphQLNamedType): void {
  if ((isObjectType(type) && isObjectType(other)) || (isInterfaceType(type) && isInterfaceType(other))) {
    for (const field of Object.values(type.getFields())) {
      const place: string = `${type.name}.${field.name}`;
      const match: GraphQLField<unknown, unknown> | undefined = other.getFields()[field.name];
      assert.ok(match, `${place} does not exist`);
      assert.equal(String(field.type), String(match.type), place);
      compareArguments(place, field.args, match.args);
      assert.equal(
        field.deprecationReason === undefined,
        match.deprecationReason === undefined,
        `${place}: deprecation`,
      );
    }
    assert.deepEqual(
      type
        .getInterfaces()
        .map(({ name }) => name)
        .filter((name) => !other.getInterfaces().some((one) => one.name === name)),
      [],
      `${type.name}'s interfaces`,
    );
  } else if (isInputObjectType(type) && isInputObjectType(other)) {
    for (const field of Object.values(type.getFields())) {
      const match: GraphQLInputField | undefined = other.getFields()[field.name];
      assert.ok(match, `${type.name}.${field.name} does not exist`);
      assert.equal(String(field.type), String(match.type), `${type.name}.${field.name}`);
    }
    const missing = Object.values(other.getFields()).filter(
      (field) => isRequiredInputField(field) && type.getFields()[field.name] === undefined,
    );
    assert.deepEqual(
      missing.map(({ name }) => name),
      [],
      `${type.name} lacks required fields`,
    );
  } else if (isEnumType(type) && isEnumType(other)) {
    for (const { name } of type.getValues()) assert.ok(other.getValue(name), `${type.name}.${name} does not exist`);
  } else if (isUnionType(type) && isUnionType(other)) {
    const members = other.getTypes().map(({ name }) => name);
    for (const { name } of type.getTypes()) assert.ok(members.includes(name), `${type.name} has no member ${name}`);
  }
}

function compareArguments(place: string, own: readonly GraphQLArgument[], published: readonly GraphQLArgument[]): void {
  for (const argument of own) {
    const match = published.find(({ name }) => name === argument.name);
    assert.ok(match, `${place}(${argument.name}) does not exist`);
    assert.equal(String(argument.type), String(match.type), `${place}(${argument.name})`);
  }
  for (const argument of published) {
    if (!isRequiredArgument(argument)) continue;
    assert.ok(
      own.some(({ name }) => name === argument.name),
      `${place} lacks the required ${argument.name}`,
    );
  }
}
