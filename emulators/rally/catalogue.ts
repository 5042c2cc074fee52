import { type Attribute, attributesOf } from "./attributes.ts";
import {
  type Cell,
  defineType,
  type Entity,
  type EntityType,
  plain,
  type Reader,
  reference,
  time,
} from "./entities.ts";
import type {
  Artifact,
  ArtifactKind,
  Attachment,
  FlowState,
  Iteration,
  PortfolioState,
  Post,
  Project,
  ProjectPermission,
  RecycleBinEntry,
  Release,
  Tag,
  User,
  Workspace,
} from "./records.ts";
import { toHtml } from "./rich-text.ts";
import { postsOf } from "./seed-posts.ts";
import { childrenOf, idPrefixes, type RallyState } from "./state.ts";
import { defectStates, priorities, resolutions, scheduleStates, taskStates } from "./workflow.ts";

/** Every type in the emulated workspace, by name. */
export type Catalogue = ReturnType<typeof createCatalogue>;

const word = (value: string, order: readonly string[]): Cell => ({ kind: "word", value, order });

type Allowed = { readonly oid: number; readonly value: string };
type AttributeRecord = Omit<Attribute, "allowed"> & { readonly oid: number; readonly allowed: readonly Allowed[] };
type TypeRecord = {
  readonly oid: number;
  readonly kind: ArtifactKind | null;
  readonly elementName: string;
  readonly displayName: string;
  readonly parent: TypeRecord | null;
  readonly attributes: readonly AttributeRecord[];
  readonly ordinal: number;
};

export function createCatalogue(state: RallyState) {
  const collection = <T>(
    type: string,
    records: () => readonly T[],
    of: (record: T) => Entity,
    count = records().length,
  ): Cell => ({ kind: "collection", type, count, entities: () => records().map(of) });

  const workspace = defineType<Workspace>(
    "Workspace",
    { Name: ({ name }) => plain(name), State: () => plain("Open") },
    { name: ({ name }) => name },
  );
  const user = defineType<User>(
    "User",
    {
      UserName: ({ userName }) => plain(userName),
      DisplayName: ({ displayName }) => plain(displayName),
      EmailAddress: ({ userName }) => plain(userName),
      Disabled: () => plain(false),
    },
    { name: ({ displayName }) => displayName },
  );
  const flowState = defineType<FlowState>(
    "FlowState",
    {
      Name: ({ name }) => plain(name),
      OrderIndex: ({ orderIndex }) => plain(orderIndex),
      ScheduleStateMapping: ({ scheduleState }) => word(scheduleState, scheduleStates),
      Project: (record) => reference(project.of(record.project)),
      AgreedExitPolicy: () => plain(""),
    },
    { name: ({ name }) => name },
  );
  const iteration = defineType<Iteration>(
    "Iteration",
    {
      Name: ({ name }) => plain(name),
      StartDate: ({ startDate }) => time(startDate),
      EndDate: ({ endDate }) => time(endDate),
      Project: (record) => reference(project.of(record.project)),
    },
    { name: ({ name }) => name },
  );
  const release = defineType<Release>(
    "Release",
    {
      Name: ({ name }) => plain(name),
      ReleaseStartDate: ({ startDate }) => time(startDate),
      ReleaseDate: ({ endDate }) => time(endDate),
      Project: (record) => reference(project.of(record.project)),
    },
    { name: ({ name }) => name },
  );
  const tag = defineType<Tag>(
    "Tag",
    { Name: ({ name }) => plain(name), Archived: () => plain(false) },
    { name: ({ name }) => name },
  );
  const project: { readonly type: EntityType; readonly of: (record: Project) => Entity } = defineType<Project>(
    "Project",
    {
      Name: ({ name }) => plain(name),
      State: () => plain("Open"),
      Workspace: (record) => reference(workspace.of(record.workspace)),
      Parent: (record) => reference(record.parent === null ? null : project.of(record.parent)),
      Children: (record) => collection("Project", () => record.children.filter((child) => !child.isHidden), project.of),
      TeamMembers: () => collection("User", () => state.users, user.of),
      Iterations: (record) => collection("Iteration", () => record.iterations, iteration.of),
    },
    { name: ({ name }) => name },
  );
  const portfolioState = defineType<PortfolioState>(
    "State",
    {
      Name: ({ name }) => plain(name),
      OrderIndex: ({ orderIndex }) => plain(orderIndex),
      Enabled: () => plain(true),
      TypeDef: () => reference(typeDefinition.of(featureType)),
    },
    { name: ({ name }) => name },
  );

  const allowedValue = defineType<Allowed>(
    "AllowedAttributeValue",
    { StringValue: ({ value }) => plain(value) },
    { name: ({ value }) => value },
  );
  const attributeDefinition = defineType<AttributeRecord>(
    "AttributeDefinition",
    {
      ElementName: ({ name }) => plain(name),
      Name: ({ label }) => plain(label),
      AttributeType: ({ type: own }) => plain(own),
      Type: ({ of, type: own }) => plain(of ?? own.toLowerCase()),
      Required: ({ isRequired }) => plain(isRequired),
      ReadOnly: ({ isReadOnly }) => plain(isReadOnly),
      Custom: ({ isCustom }) => plain(isCustom),
      Hidden: () => plain(false),
      Constrained: ({ allowed }) => plain(allowed.length > 0),
      MaxLength: ({ maxLength }) => plain(maxLength ?? -1),
      AllowedValues: ({ allowed }) => collection("AllowedAttributeValue", () => allowed, allowedValue.of),
    },
    { name: ({ label }) => label },
  );
  const typeDefinition: { readonly type: EntityType; readonly of: (record: TypeRecord) => Entity } =
    defineType<TypeRecord>(
      "TypeDefinition",
      {
        Name: ({ elementName }) => plain(elementName.replace(/(?<=[a-z])(?=[A-Z])/g, " ")),
        DisplayName: ({ displayName }) => plain(displayName),
        ElementName: ({ elementName }) => plain(elementName),
        TypePath: (record) => plain(typePath(record)),
        IDPrefix: ({ kind }) => plain(kind === null ? null : idPrefixes[kind]),
        Ordinal: ({ ordinal }) => plain(ordinal),
        Creatable: ({ kind }) => plain(kind !== null),
        Parent: ({ parent }) => reference(parent === null ? null : typeDefinition.of(parent)),
        Attributes: ({ attributes }) => collection("AttributeDefinition", () => attributes, attributeDefinition.of),
      },
      { name: ({ displayName }) => displayName },
    );

  let lastOid = 55_000;
  const nextOid = () => (lastOid += 1);
  const type = (
    kind: ArtifactKind | null,
    elementName: string,
    displayName: string,
    parent: TypeRecord | null = null,
  ): TypeRecord => ({
    oid: nextOid(),
    kind,
    elementName,
    displayName,
    parent,
    attributes: (kind === null ? [] : attributesOf[kind]).map((attribute) => ({
      ...attribute,
      oid: nextOid(),
      allowed: attribute.allowed.map((value) => ({ oid: nextOid(), value })),
    })),
    ordinal: kind === "feature" ? 0 : -1,
  });
  const portfolioType = type(null, "PortfolioItem", "Portfolio Item");
  const featureType = type("feature", "Feature", "Feature", portfolioType);
  const typeRecords = [
    type("story", "HierarchicalRequirement", "User Story"),
    type("defect", "Defect", "Defect"),
    type("task", "Task", "Task"),
    portfolioType,
    featureType,
  ];

  const post = defineType<Post>(
    "ConversationPost",
    {
      Text: ({ text }) => plain(text),
      PostNumber: ({ number }) => plain(number),
      User: (record) => reference(user.of(record.user)),
      Artifact: (record) => reference(artifact(record.artifact)),
      CreationDate: ({ createdAt }) => time(createdAt),
      LastUpdateDate: ({ updatedAt }) => time(updatedAt),
      VersionId: ({ version }) => plain(String(version)),
    },
    { name: () => "", version: ({ version }) => version },
  );
  const projectPermission = defineType<ProjectPermission>(
    "ProjectPermission",
    {
      Name: (record) => plain(`${record.project.name} ${record.role}`),
      Role: ({ role }) => plain(role),
      User: (record) => reference(user.of(record.user)),
      Project: (record) => reference(project.of(record.project)),
      Workspace: (record) => reference(workspace.of(record.project.workspace)),
    },
    { name: ({ role }) => role },
  );
  const attachment = defineType<Attachment>(
    "Attachment",
    {
      Name: ({ name }) => plain(name),
      ContentType: ({ contentType }) => plain(contentType),
      Size: ({ content }) => plain(content.length),
      Artifact: (record) => reference(artifact(record.artifact)),
    },
    { name: ({ name }) => name },
  );
  const recycleBinEntry = defineType<RecycleBinEntry>(
    "RecycleBinEntry",
    {
      ID: ({ id }) => plain(id),
      Name: ({ name }) => plain(name),
      Type: (record) => plain(record.type),
      DeletionDate: ({ deletedAt }) => time(deletedAt),
      DeletedBy: (record) => reference(user.of(record.deletedBy)),
      Project: (record) => reference(project.of(record.project)),
    },
    { name: ({ name }) => name },
  );

  const artifacts = (records: (record: Artifact) => readonly Artifact[], typeName: string) => (record: Artifact) =>
    collection(typeName, () => records(record), artifact);
  const common: Reader<Artifact> = {
    FormattedID: ({ formattedId }) => plain(formattedId),
    Name: ({ name }) => plain(name),
    Description: (record) => plain(describe(record)),
    Project: (record) => reference(project.of(record.project)),
    Workspace: (record) => reference(workspace.of(record.project.workspace)),
    Owner: ({ owner }) => reference(owner === null ? null : user.of(owner)),
    CreatedBy: ({ createdBy }) => reference(user.of(createdBy)),
    CreationDate: ({ createdAt }) => time(createdAt),
    LastUpdateDate: ({ updatedAt }) => time(updatedAt),
    VersionId: ({ version }) => plain(String(version)),
    Tags: ({ tags }) => collection("Tag", () => tags, tag.of),
    Discussion: (record) =>
      collection("ConversationPost", () => postsOf(state, record), post.of, record.posts?.length ?? record.seededPosts),
    Attachments: (record) => collection("Attachment", () => record.attachments, attachment.of),
  };
  const blocking: Reader<Artifact> = { Blocked: ({ isBlocked }) => plain(isBlocked) };
  const scheduled: Reader<Artifact> = {
    ...blocking,
    ScheduleState: (record) => word(record.flowState?.scheduleState ?? "Defined", scheduleStates),
    FlowState: (record) => reference(record.flowState === null ? null : flowState.of(record.flowState)),
    Iteration: (record) => reference(record.iteration === null ? null : iteration.of(record.iteration)),
    Release: (record) => reference(record.release === null ? null : release.of(record.release)),
    PlanEstimate: ({ estimate }) => plain(estimate),
    Tasks: artifacts((record) => childrenOf(state, record, "task"), "Task"),
    AcceptedDate: (record) => time(record.kind === "story" ? record.closedAt : null),
  };
  const parentOf = (record: Artifact, ...kinds: ArtifactKind[]) =>
    reference(record.parent !== null && kinds.includes(record.parent.kind) ? artifact(record.parent) : null);

  /** Readers of attributes that nothing else here uses. */
  const ownOf = (kind: ArtifactKind): Reader<Artifact> =>
    Object.fromEntries(attributesOf[kind].filter(isOwn).map((attribute) => [attribute.name, ownReader(attribute)]));
  const ownReader =
    (attribute: Attribute) =>
    ({ own }: Artifact): Cell => {
      const value = own.get(attribute.name);
      if (attribute.of !== null) return reference(typeof value === "object" ? user.of(value) : null);
      if (attribute.type === "RATING") return word(typeof value === "string" ? value : "None", attribute.allowed);
      return plain(typeof value === "object" ? null : (value ?? emptyOf(attribute)));
    };

  const about = {
    name: (record: Artifact) => record.name,
    version: (record: Artifact) => record.version,
    malformed: (record: Artifact) => record.malformed,
  };
  const kinds: Readonly<
    Record<ArtifactKind, { readonly type: EntityType; readonly of: (record: Artifact) => Entity }>
  > = {
    story: defineType<Artifact>(
      "HierarchicalRequirement",
      {
        ...common,
        ...ownOf("story"),
        ...scheduled,
        Parent: (record) => parentOf(record, "story"),
        PortfolioItem: (record) => parentOf(record, "feature"),
        HasParent: ({ parent }) => plain(parent !== null),
        Children: artifacts((record) => childrenOf(state, record, "story"), "HierarchicalRequirement"),
        Defects: artifacts((record) => childrenOf(state, record, "defect"), "Defect"),
        Predecessors: artifacts((record) => record.predecessors, "HierarchicalRequirement"),
        Successors: artifacts((record) => record.successors, "HierarchicalRequirement"),
      },
      about,
    ),
    defect: defineType<Artifact>(
      "Defect",
      {
        ...common,
        ...ownOf("defect"),
        ...scheduled,
        State: ({ state: own }) => word(own ?? "Submitted", defectStates),
        Priority: ({ priority }) => word(priority, priorities),
        Resolution: ({ resolution }) => word(resolution, resolutions),
        Requirement: (record) => parentOf(record, "story"),
        SubmittedBy: ({ createdBy }) => reference(user.of(createdBy)),
        ClosedDate: ({ closedAt }) => time(closedAt),
        Duplicates: artifacts((record) => record.duplicates, "Defect"),
      },
      about,
    ),
    task: defineType<Artifact>(
      "Task",
      {
        ...common,
        ...ownOf("task"),
        ...blocking,
        State: ({ state: own }) => word(own ?? "Defined", taskStates),
        WorkProduct: (record) => parentOf(record, "story", "defect"),
        Estimate: ({ estimate }) => plain(estimate),
        Iteration: (record) => reference(record.iteration === null ? null : iteration.of(record.iteration)),
        Release: (record) => reference(record.release === null ? null : release.of(record.release)),
      },
      about,
    ),
    feature: defineType<Artifact>(
      "PortfolioItem/Feature",
      {
        ...common,
        ...ownOf("feature"),
        State: (record) => reference(record.portfolioState === null ? null : portfolioState.of(record.portfolioState)),
        Parent: () => reference(null),
        UserStories: artifacts((record) => childrenOf(state, record, "story"), "HierarchicalRequirement"),
        Predecessors: artifacts((record) => record.predecessors, "PortfolioItem/Feature"),
        Successors: artifacts((record) => record.successors, "PortfolioItem/Feature"),
        Release: (record) => reference(record.release === null ? null : release.of(record.release)),
        ActualEndDate: ({ closedAt }) => time(closedAt),
      },
      about,
    ),
  };

  function artifact(record: Artifact): Entity {
    return kinds[record.kind].of(record);
  }

  return {
    workspace,
    project,
    user,
    tag,
    flowState,
    portfolioState,
    iteration,
    release,
    typeDefinition,
    attributeDefinition,
    projectPermission,
    typeRecords,
    post,
    attachment,
    recycleBinEntry,
    kinds,
    artifact,
    /** The types of a collection's members, even if it is empty. */
    typesNamed: (name: string): readonly EntityType[] =>
      [post, tag, user, attachment, allowedValue, attributeDefinition, project, iteration, ...Object.values(kinds)]
        .map(({ type: own }) => own)
        .filter((own) => own.name === name),
    /** The attributes that all artifact types share. */
    commonAttributes: Object.keys(common),
  };
}

const ownNames = new Set(["Notes", "Ready", "BlockedReason", "Severity"]);

/** Whether the artifact stores the attribute among its `own` values. */
export function isOwn({ name, isCustom }: Attribute): boolean {
  return isCustom || ownNames.has(name);
}

function emptyOf({ type }: Attribute): string | boolean | null {
  return type === "TEXT" ? "" : type === "BOOLEAN" ? false : null;
}

function typePath({ elementName, parent }: TypeRecord): string {
  return parent === null ? elementName : `${parent.elementName}/${elementName}`;
}

/** Cached: a page of thousands would otherwise be converted repeatedly. */
export function describe(record: Artifact): string {
  record.description ??= record.isHtml ? record.text : toHtml(record.text);
  return record.description;
}
