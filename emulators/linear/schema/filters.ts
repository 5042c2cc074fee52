/** Filters of lists. */
export const filters = /* GraphQL */ `
  input UserFilter {
    and: [UserFilter!]
    or: [UserFilter!]
    active: BooleanComparator
    admin: BooleanComparator
    createdAt: DateComparator
    displayName: StringComparator
    email: StringComparator
    id: IDComparator
    isMe: BooleanComparator
    name: StringComparator
    updatedAt: DateComparator
  }

  input NullableUserFilter {
    and: [NullableUserFilter!]
    or: [NullableUserFilter!]
    null: Boolean
    active: BooleanComparator
    admin: BooleanComparator
    createdAt: DateComparator
    displayName: StringComparator
    email: StringComparator
    id: IDComparator
    isMe: BooleanComparator
    name: StringComparator
    updatedAt: DateComparator
  }

  input TeamFilter {
    and: [TeamFilter!]
    or: [TeamFilter!]
    createdAt: DateComparator
    id: IDComparator
    key: StringComparator
    name: StringComparator
    private: BooleanComparator
    updatedAt: DateComparator
  }

  input NullableTeamFilter {
    and: [NullableTeamFilter!]
    or: [NullableTeamFilter!]
    null: Boolean
    createdAt: DateComparator
    id: IDComparator
    key: StringComparator
    name: StringComparator
    private: BooleanComparator
    updatedAt: DateComparator
  }

  input CycleFilter {
    and: [CycleFilter!]
    or: [CycleFilter!]
    createdAt: DateComparator
    endsAt: DateComparator
    id: IDComparator
    isActive: BooleanComparator
    isFuture: BooleanComparator
    isPast: BooleanComparator
    name: StringComparator
    number: NumberComparator
    startsAt: DateComparator
    team: TeamFilter
    updatedAt: DateComparator
  }

  input NullableCycleFilter {
    and: [NullableCycleFilter!]
    or: [NullableCycleFilter!]
    null: Boolean
    createdAt: DateComparator
    endsAt: DateComparator
    id: IDComparator
    isActive: BooleanComparator
    isFuture: BooleanComparator
    isPast: BooleanComparator
    name: StringComparator
    number: NumberComparator
    startsAt: DateComparator
    team: TeamFilter
    updatedAt: DateComparator
  }

  input WorkflowStateFilter {
    and: [WorkflowStateFilter!]
    or: [WorkflowStateFilter!]
    createdAt: DateComparator
    description: StringComparator
    id: IDComparator
    name: StringComparator
    position: NumberComparator
    team: TeamFilter
    type: StringComparator
    updatedAt: DateComparator
  }

  input IssueLabelFilter {
    and: [IssueLabelFilter!]
    or: [IssueLabelFilter!]
    createdAt: DateComparator
    id: IDComparator
    isGroup: BooleanComparator
    name: StringComparator
    updatedAt: DateComparator
    creator: NullableUserFilter
    parent: IssueLabelFilter
    team: NullableTeamFilter
  }

  input IssueLabelCollectionFilter {
    and: [IssueLabelCollectionFilter!]
    or: [IssueLabelCollectionFilter!]
    null: Boolean
    createdAt: DateComparator
    id: IDComparator
    isGroup: BooleanComparator
    name: StringComparator
    updatedAt: DateComparator
    every: IssueLabelFilter
    length: NumberComparator
    some: IssueLabelFilter
    team: NullableTeamFilter
  }

  input IssueFilter {
    and: [IssueFilter!]
    or: [IssueFilter!]
    archivedAt: NullableDateComparator
    assignee: NullableUserFilter
    canceledAt: NullableDateComparator
    children: IssueCollectionFilter
    completedAt: NullableDateComparator
    createdAt: DateComparator
    creator: NullableUserFilter
    cycle: NullableCycleFilter
    description: NullableStringComparator
    dueDate: NullableTimelessDateComparator
    estimate: EstimateComparator
    hasBlockedByRelations: RelationExistsComparator
    hasBlockingRelations: RelationExistsComparator
    hasDuplicateRelations: RelationExistsComparator
    hasRelatedRelations: RelationExistsComparator
    id: IssueIDComparator
    labels: IssueLabelCollectionFilter
    number: NumberComparator
    parent: NullableIssueFilter
    priority: NullableNumberComparator
    startedAt: NullableDateComparator
    state: WorkflowStateFilter
    team: TeamFilter
    title: StringComparator
    updatedAt: DateComparator
  }

  input NullableIssueFilter {
    and: [NullableIssueFilter!]
    or: [NullableIssueFilter!]
    null: Boolean
    archivedAt: NullableDateComparator
    assignee: NullableUserFilter
    canceledAt: NullableDateComparator
    children: IssueCollectionFilter
    completedAt: NullableDateComparator
    createdAt: DateComparator
    creator: NullableUserFilter
    cycle: NullableCycleFilter
    description: NullableStringComparator
    dueDate: NullableTimelessDateComparator
    estimate: EstimateComparator
    hasBlockedByRelations: RelationExistsComparator
    hasBlockingRelations: RelationExistsComparator
    hasDuplicateRelations: RelationExistsComparator
    hasRelatedRelations: RelationExistsComparator
    id: IssueIDComparator
    labels: IssueLabelCollectionFilter
    number: NumberComparator
    parent: NullableIssueFilter
    priority: NullableNumberComparator
    startedAt: NullableDateComparator
    state: WorkflowStateFilter
    team: TeamFilter
    title: StringComparator
    updatedAt: DateComparator
  }

  input IssueCollectionFilter {
    and: [IssueCollectionFilter!]
    or: [IssueCollectionFilter!]
    every: IssueFilter
    length: NumberComparator
    some: IssueFilter
  }

  input CommentFilter {
    and: [CommentFilter!]
    or: [CommentFilter!]
    body: StringComparator
    createdAt: DateComparator
    id: IDComparator
    issue: NullableIssueFilter
    updatedAt: DateComparator
    user: UserFilter
  }

  input AttachmentFilter {
    and: [AttachmentFilter!]
    or: [AttachmentFilter!]
    createdAt: DateComparator
    creator: NullableUserFilter
    id: IDComparator
    subtitle: NullableStringComparator
    title: StringComparator
    updatedAt: DateComparator
    url: StringComparator
  }
`;
