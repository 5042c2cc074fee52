import { PanopticonError } from "../../domain/error.ts";
import type { Person } from "../../domain/issue.ts";
import type { FieldSpec } from "../../domain/operation.ts";
import type { RallyClient } from "./client.ts";
import { markdownToHtml } from "./text/markdown-to-html.ts";
import { type AllowedValue, type AttributeDefinition, oidOf } from "./schema.ts";
import type { ArtifactType } from "./workflow.ts";

/** An attribute of a type, as its workspace defines it. */
export type Attribute = AttributeDefinition & {
  /** The allowed values; empty if they were not requested or anything is allowed. */
  readonly options: readonly AllowedValue[];
};

/** The allowed values of an attribute, in the workspace's order. */
export function wordsOf(attributes: readonly Attribute[], name: string): readonly string[] {
  const found = attributes.find(({ ElementName }) => ElementName === name);
  return (found?.options ?? []).map(({ StringValue }) => StringValue ?? "").filter((word) => word !== "");
}

/** A type's attributes, with the allowed values of those that are named or that a new item requires. */
export async function fetchAttributes(
  client: RallyClient,
  workspace: string,
  type: ArtifactType,
  named: readonly string[],
  signal: AbortSignal | undefined,
): Promise<readonly Attribute[]> {
  const listed = await client.fetchAttributes(workspace, type.oid, signal);
  return Promise.all(
    listed.map(async (attribute) => {
      const isWanted = named.includes(attribute.ElementName) || isAskedFor(attribute);
      const hasOptions = attribute.AllowedValues == null || attribute.AllowedValues.Count > 0;
      const options =
        isWanted && hasOptions ? await client.fetchAllowedValues(workspace, attribute.ObjectID, signal) : [];
      return { ...attribute, options };
    }),
  );
}

/** Provided by every Panopticon issue, or by Rally itself. */
const provided = new Set(
  "Name Description Project Workspace Owner SubmittedBy State ScheduleState FlowState WorkProduct Parent PortfolioItem Requirement Iteration Release PlanEstimate Estimate Priority Tags".split(
    " ",
  ),
);

/** Whether a new item has to provide it: required, writable, and not provided otherwise. */
function isAskedFor({ ElementName, Required, ReadOnly, Hidden, Custom, AttributeType }: AttributeDefinition): boolean {
  if (Required !== true || ReadOnly === true || Hidden === true || provided.has(ElementName)) return false;
  // Rally's own checkboxes have a default value.
  return Custom === true || AttributeType !== "BOOLEAN";
}

/** The form fields of a new item, in addition to those of every issue. */
export function toFields(attributes: readonly Attribute[], people: readonly Person[]): FieldSpec[] {
  return attributes.filter(isAskedFor).flatMap((attribute) => {
    const kind = kindOf(attribute);
    if (kind === null) return [];
    return [
      {
        id: attribute.ElementName,
        name: attribute.Name || attribute.ElementName,
        kind,
        required: true,
        options: kind === "person" ? people.map(({ id, name }) => ({ id, name })) : toOptions(attribute),
      },
    ];
  });
}

/** null for an attribute that a form cannot ask for. */
export function kindOf({ AttributeType, Type, options }: Attribute): FieldSpec["kind"] | null {
  switch (AttributeType) {
    case "STRING":
      return options.length > 0 ? "choice" : "text";
    case "RATING":
    case "STATE":
    case "BOOLEAN":
      return "choice";
    case "TEXT":
      return "markdown";
    case "INTEGER":
    case "DECIMAL":
    case "QUANTITY":
      return "number";
    case "DATE":
      return "date";
    case "OBJECT":
      return Type === "User" ? "person" : "choice";
    case "COLLECTION":
      return "choices";
    default:
      return null;
  }
}

/** Values identify themselves, objects are identified by their path: `/preliminaryestimate/123`. */
function toOptions({ AttributeType, options }: Attribute): FieldSpec["options"] {
  if (AttributeType === "BOOLEAN") {
    return [
      { id: "true", name: "Yes" },
      { id: "false", name: "No" },
    ];
  }
  const isObject = AttributeType === "OBJECT" || AttributeType === "COLLECTION";
  return options.flatMap((option) => {
    const name = option.StringValue || option.Name || option._refObjectName || "";
    if (!isObject) return name === "" ? [] : [{ id: name, name }];
    const id = option._ref && option._type ? `/${option._type.toLowerCase()}/${oidOf(option._ref)}` : "";
    return id === "" || name === "" ? [] : [{ id, name }];
  });
}

/** Converts a form value to Rally's format. Dates are sent as noon, which is the same date in almost every workspace's time zone. Throws `invalid_input`. */
export function toWireValue(attribute: Attribute, value: unknown, server: string): unknown {
  const kind = kindOf(attribute);
  const refuse = (what: string) =>
    new PanopticonError("invalid_input", `${attribute.Name || attribute.ElementName} must be ${what}.`, {
      tracker: "rally",
      field: attribute.ElementName,
      hint: "Use another value.",
    });
  if (value === null || value === "") return kind === "markdown" || kind === "text" ? "" : null;
  switch (kind) {
    case "number": {
      const number = Number(value);
      if (!Number.isFinite(number)) throw refuse("a number");
      return number;
    }
    case "date":
      if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d$/.test(value)) throw refuse("a day such as 2026-11-22");
      return `${value}T12:00:00.000Z`;
    case "choices":
      if (!Array.isArray(value)) throw refuse("a list");
      return value.map((one) => ({ _ref: String(one) }));
    default: {
      if (typeof value !== "string" && typeof value !== "boolean" && typeof value !== "number") throw refuse("a text");
      if (attribute.AttributeType === "BOOLEAN") return value === true || value === "true";
      if (kind === "person") return { _ref: `/user/${value}` };
      if (attribute.AttributeType === "OBJECT") return { _ref: String(value) };
      return kind === "markdown" ? markdownToHtml(String(value), server) : String(value);
    }
  }
}
