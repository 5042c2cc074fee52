import { z } from "zod";
import { Time } from "../time-schema.ts";

// What the Web Services API 2.0 answers; only what is read.

/** Something else that is named: its address ends in its ObjectID. */
const Reference = z.object({ _ref: z.string(), _refObjectName: z.string().nullish(), _type: z.string().nullish() });
export type Reference = z.infer<typeof Reference>;

/** Another artifact, with what was asked for of this one. */
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
  /** Stories and defects. */
  ScheduleState: z.string().nullish(),
  FlowState: Reference.nullish(),
  /** A word of defects and tasks, something of its own on portfolio items. */
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

/** What of an artifact says whether it is finished. */
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
  /** What an object is, or a collection's members are: `User`. */
  Type: z.string().nullish(),
  Required: z.boolean().nullish(),
  ReadOnly: z.boolean().nullish(),
  Custom: z.boolean().nullish(),
  Hidden: z.boolean().nullish(),
  AllowedValues: z.object({ Count: z.number().int() }).nullish(),
});
export type AttributeDefinition = z.infer<typeof AttributeDefinition>;

/** A word; where objects are allowed, one of them. */
export const AllowedValue = z.object({
  _ref: z.string().nullish(),
  _refObjectName: z.string().nullish(),
  _type: z.string().nullish(),
  StringValue: z.string().nullish(),
  Name: z.string().nullish(),
});
export type AllowedValue = z.infer<typeof AllowedValue>;

export const ProjectPermission = z.object({ Role: z.string().nullish() });

export const QueryResult = z.object({
  QueryResult: z.object({
    Warnings: z.array(z.string()).nullish(),
    TotalResultCount: z.number().int(),
    StartIndex: z.number().int(),
    PageSize: z.number().int(),
    Results: z.array(z.unknown()),
  }),
});

/** What became of a write. Errors inside are thrown before by the HTTP policy. */
export const WriteResult = z.object({
  Warnings: z.array(z.string()).nullish(),
  Object: z.unknown().optional(),
});
export const Written = z.union([
  z.object({ CreateResult: WriteResult }).transform(({ CreateResult }) => CreateResult),
  z.object({ OperationResult: WriteResult }).transform(({ OperationResult }) => OperationResult),
]);

/** The ObjectID at the end of an address: `…/project/12345` → `12345`. */
export function oidOf(ref: string): string {
  return /(\d+)(?:\.js)?$/.exec(ref)?.[1] ?? "";
}
