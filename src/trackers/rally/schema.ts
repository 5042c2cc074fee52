import { z } from "zod";
import { Time } from "../time-schema.ts";

// Responses of the Web Services API 2.0; only the fields that are used.

/** A reference to another object, whose ObjectID is at the end of the URL. */
const Reference = z.object({ _ref: z.string(), _refObjectName: z.string().nullish(), _type: z.string().nullish() });
export type Reference = z.infer<typeof Reference>;

/** Another artifact, with the fields requested for this one. */
export const Relative = Reference.extend({ FormattedID: z.string().nullish() });
export type Relative = z.infer<typeof Relative>;

export const User = Reference.extend({ UserName: z.string().nullish(), DisplayName: z.string().nullish() });
export type User = z.infer<typeof User>;

const Timebox = Reference.extend({
  Name: z.string().nullish(),
  StartDate: Time.nullish(),
  EndDate: Time.nullish(),
  ReleaseStartDate: Time.nullish(),
  ReleaseDate: Time.nullish(),
});
export type Timebox = z.infer<typeof Timebox>;

const Collection = z.object({ Count: z.number().int() });

const Tags = Collection.extend({
  _tagsNameArray: z.array(z.object({ Name: z.string(), _ref: z.string() })).nullish(),
});

export const Artifact = z.object({
  _type: z.string(),
  ObjectID: z.number().int(),
  FormattedID: z.string(),
  Name: z.string(),
  Description: z.string().nullish(),
  Project: Reference,
  /** Of stories and defects. */
  ScheduleState: z.string().nullish(),
  FlowState: Reference.nullish(),
  /** A value for defects and tasks, an object for portfolio items. */
  State: z.union([z.string(), Reference]).nullish(),
  Priority: z.string().nullish(),
  Tags: Tags.nullish(),
  Owner: User.nullish(),
  CreatedBy: User.nullish(),
  SubmittedBy: User.nullish(),
  Parent: Relative.nullish(),
  PortfolioItem: Relative.nullish(),
  Requirement: Relative.nullish(),
  WorkProduct: Relative.nullish(),
  Iteration: Timebox.nullish(),
  Release: Timebox.nullish(),
  PlanEstimate: z.number().nullish(),
  Estimate: z.number().nullish(),
  Blocked: z.boolean().nullish(),
  Discussion: Collection.nullish(),
  Attachments: Collection.nullish(),
  Predecessors: Collection.nullish(),
  Successors: Collection.nullish(),
  Duplicates: Collection.nullish(),
  CreationDate: Time,
  LastUpdateDate: Time,
  AcceptedDate: Time.nullish(),
  ClosedDate: Time.nullish(),
  VersionId: z.union([z.string(), z.number()]).nullish(),
});
export type Artifact = z.infer<typeof Artifact>;

/** The fields that tell whether an artifact is finished. */
export const ArtifactState = Artifact.pick({
  _type: true,
  ObjectID: true,
  FormattedID: true,
  ScheduleState: true,
  State: true,
  AcceptedDate: true,
  LastUpdateDate: true,
});
export type ArtifactState = z.infer<typeof ArtifactState>;

export const Post = z.object({
  ObjectID: z.number().int(),
  Text: z.string().nullish(),
  User: User.nullish(),
  CreationDate: Time,
  LastUpdateDate: Time.nullish(),
});
export type Post = z.infer<typeof Post>;

export const Attachment = z.object({
  ObjectID: z.number().int(),
  Name: z.string(),
  ContentType: z.string().nullish(),
  Size: z.number().nullish(),
});
export type Attachment = z.infer<typeof Attachment>;

export const CurrentUser = z.object({ User: User.extend({ ObjectID: z.number().int() }) });

export const Project = z.object({ ObjectID: z.number().int(), Name: z.string(), Workspace: Reference.nullish() });
export type Project = z.infer<typeof Project>;
export const OneProject = z.object({ Project });

export const Workspace = z.object({ ObjectID: z.number().int(), Name: z.string() });

export const Tag = z.object({ ObjectID: z.number().int(), Name: z.string() });
export const Member = User.extend({ ObjectID: z.number().int() });

export const FlowState = z.object({
  ObjectID: z.number().int(),
  Name: z.string(),
  OrderIndex: z.number().nullish(),
  ScheduleStateMapping: z.string().nullish(),
  /** Columns belong to a project. */
  Project: Reference.nullish(),
});
export type FlowState = z.infer<typeof FlowState>;

export const PortfolioState = z.object({
  ObjectID: z.number().int(),
  Name: z.string(),
  OrderIndex: z.number().nullish(),
  TypeDef: Reference.nullish(),
});
export type PortfolioState = z.infer<typeof PortfolioState>;

export const ListedTimebox = Timebox.extend({ ObjectID: z.number().int() });

export const TypeDefinition = z.object({
  ObjectID: z.number().int(),
  ElementName: z.string(),
  DisplayName: z.string().nullish(),
  TypePath: z.string(),
  Ordinal: z.number().nullish(),
  Creatable: z.boolean().nullish(),
});
export type TypeDefinition = z.infer<typeof TypeDefinition>;

export const AttributeDefinition = z.object({
  ObjectID: z.number().int(),
  ElementName: z.string(),
  Name: z.string().nullish(),
  /** `STRING`, `TEXT`, `RATING`, `OBJECT`, … */
  AttributeType: z.string().nullish(),
  /** The type of an object, or of a collection's members: `User`. */
  Type: z.string().nullish(),
  Required: z.boolean().nullish(),
  ReadOnly: z.boolean().nullish(),
  Custom: z.boolean().nullish(),
  Hidden: z.boolean().nullish(),
  AllowedValues: z.object({ Count: z.number().int() }).nullish(),
});
export type AttributeDefinition = z.infer<typeof AttributeDefinition>;

/** An allowed value; an object if the attribute's values are objects. */
export const AllowedValue = z.object({
  _ref: z.string().nullish(),
  _refObjectName: z.string().nullish(),
  _type: z.string().nullish(),
  StringValue: z.string().nullish(),
  Name: z.string().nullish(),
});
export type AllowedValue = z.infer<typeof AllowedValue>;

export const ProjectPermission = z.object({ Role: z.string().nullish(), Project: Reference.nullish() });

export const QueryResult = z.object({
  QueryResult: z.object({
    Warnings: z.array(z.string()).nullish(),
    TotalResultCount: z.number().int(),
    StartIndex: z.number().int(),
    PageSize: z.number().int(),
    Results: z.array(z.unknown()),
  }),
});

/** The result of a write. The HTTP policy has already thrown its errors. */
export const WriteResult = z.object({
  Warnings: z.array(z.string()).nullish(),
  Object: z.unknown().optional(),
});
export const Written = z.union([
  z.object({ CreateResult: WriteResult }).transform(({ CreateResult }) => CreateResult),
  z.object({ OperationResult: WriteResult }).transform(({ OperationResult }) => OperationResult),
]);

/** The ObjectID at the end of a URL: `…/project/12345` → `12345`. */
export function oidOf(ref: string): string {
  return /(\d+)(?:\.js)?$/.exec(ref)?.[1] ?? "";
}
