import type { ArtifactKind } from "./records.ts";
import { finders, defectStates, priorities, resolutions, scheduleStates, severities, taskStates } from "./workflow.ts";

export type AttributeType =
  | "BOOLEAN"
  | "COLLECTION"
  | "DATE"
  | "INTEGER"
  | "OBJECT"
  | "QUANTITY"
  | "RATING"
  | "STATE"
  | "STRING"
  | "TEXT";

/** An attribute of a type: what it accepts, and whether a new object needs it. */
export type Attribute = {
  /** The `ElementName`. */
  readonly name: string;
  /** The `Name`, which people and error messages use. */
  readonly label: string;
  readonly type: AttributeType;
  readonly isRequired: boolean;
  readonly isReadOnly: boolean;
  readonly isCustom: boolean;
  /** In characters as Rally stores them. */
  readonly maxLength: number | null;
  /** The allowed values, in order. */
  readonly allowed: readonly string[];
  /** The type of the object, or of the collection's members; `Artifact` for any. */
  readonly of: string | null;
};

type More = Partial<Omit<Attribute, "name" | "type">>;

function attribute(name: string, type: AttributeType, more: More = {}): Attribute {
  return {
    name,
    type,
    label: name.replace(/^c_/, "").replace(/(?<=[a-z])(?=[A-Z])/g, " "),
    isRequired: false,
    isReadOnly: false,
    isCustom: name.startsWith("c_"),
    maxLength: null,
    allowed: [],
    of: null,
    ...more,
  };
}

const readOnly = { isReadOnly: true };
const required = { isRequired: true };

/** https://knowledge.broadcom.com/external/article/57577: 32 kilobytes for texts, 256 characters for names. Newer servers may allow more, as the definition tells. */
const textLength = 32_768;
const nameLength = 256;

const common: readonly Attribute[] = [
  attribute("ObjectID", "INTEGER", readOnly),
  attribute("FormattedID", "STRING", readOnly),
  attribute("Name", "STRING", { ...required, maxLength: nameLength }),
  attribute("Description", "TEXT", { maxLength: textLength }),
  attribute("Notes", "TEXT", { maxLength: textLength }),
  attribute("Workspace", "OBJECT", { of: "Workspace" }),
  attribute("Owner", "OBJECT", { of: "User" }),
  attribute("CreatedBy", "OBJECT", { ...readOnly, of: "User" }),
  attribute("CreationDate", "DATE", readOnly),
  attribute("LastUpdateDate", "DATE", readOnly),
  attribute("VersionId", "STRING", readOnly),
  attribute("Tags", "COLLECTION", { of: "Tag" }),
  attribute("Discussion", "COLLECTION", { ...readOnly, of: "ConversationPost" }),
  attribute("Attachments", "COLLECTION", { of: "Attachment" }),
  attribute("Ready", "BOOLEAN"),
];

const project = attribute("Project", "OBJECT", { ...required, of: "Project" });
const blocking: readonly Attribute[] = [
  attribute("Blocked", "BOOLEAN"),
  attribute("BlockedReason", "STRING", { maxLength: nameLength }),
];

const scheduled: readonly Attribute[] = [
  project,
  ...blocking,
  attribute("ScheduleState", "STATE", { ...required, allowed: scheduleStates }),
  attribute("FlowState", "OBJECT", { of: "FlowState" }),
  attribute("Iteration", "OBJECT", { of: "Iteration" }),
  attribute("Release", "OBJECT", { of: "Release" }),
  attribute("PlanEstimate", "QUANTITY"),
  attribute("AcceptedDate", "DATE", readOnly),
];

function waiting(of: string): readonly Attribute[] {
  return [attribute("Predecessors", "COLLECTION", { of }), attribute("Successors", "COLLECTION", { of })];
}

/**
 * A task takes project and time boxes from its work product, and a portfolio item has no settable estimate. https://rally1.rallydev.com/slm/doc/webservice (the
 * types' element tables)
 */
export const attributesOf: Readonly<Record<ArtifactKind, readonly Attribute[]>> = {
  story: [
    ...common,
    ...scheduled,
    attribute("Parent", "OBJECT", { of: "HierarchicalRequirement" }),
    attribute("PortfolioItem", "OBJECT", { of: "PortfolioItem/Feature" }),
    ...waiting("HierarchicalRequirement"),
    attribute("c_AcceptanceCriteria", "TEXT", { maxLength: textLength }),
  ],
  defect: [
    ...common,
    ...scheduled,
    attribute("State", "STATE", { ...required, allowed: defectStates }),
    attribute("Priority", "RATING", { allowed: priorities }),
    attribute("Severity", "RATING", { allowed: severities }),
    attribute("Resolution", "RATING", { allowed: resolutions }),
    attribute("Requirement", "OBJECT", { of: "HierarchicalRequirement" }),
    attribute("SubmittedBy", "OBJECT", { of: "User" }),
    attribute("ClosedDate", "DATE", readOnly),
    attribute("Duplicates", "COLLECTION", { of: "Defect" }),
    attribute("c_FoundBy", "STRING", { ...required, allowed: finders, maxLength: nameLength }),
  ],
  task: [
    ...common,
    attribute("Project", "OBJECT", { ...readOnly, of: "Project" }),
    ...blocking,
    attribute("State", "STATE", { ...required, allowed: taskStates }),
    attribute("WorkProduct", "OBJECT", { ...required, of: "Artifact" }),
    attribute("Estimate", "QUANTITY"),
    attribute("Iteration", "OBJECT", { ...readOnly, of: "Iteration" }),
    attribute("Release", "OBJECT", { ...readOnly, of: "Release" }),
  ],
  feature: [
    ...common,
    project,
    attribute("State", "OBJECT", { of: "State" }),
    attribute("Parent", "OBJECT", { of: "PortfolioItem/Epic" }),
    attribute("Release", "OBJECT", { of: "Release" }),
    attribute("ActualEndDate", "DATE", readOnly),
    ...waiting("PortfolioItem/Feature"),
    attribute("c_Sponsor", "OBJECT", { ...required, of: "User" }),
    attribute("c_BusinessValue", "INTEGER"),
  ],
};
