/** Comparisons in filters. */
export const comparators = /* GraphQL */ `
  input StringComparator {
    eq: String
    neq: String
    in: [String!]
    nin: [String!]
    eqIgnoreCase: String
    neqIgnoreCase: String
    contains: String
    notContains: String
    containsIgnoreCase: String
    notContainsIgnoreCase: String
    startsWith: String
    notStartsWith: String
    startsWithIgnoreCase: String
    endsWith: String
    notEndsWith: String
  }

  input NullableStringComparator {
    null: Boolean
    eq: String
    neq: String
    in: [String!]
    nin: [String!]
    eqIgnoreCase: String
    neqIgnoreCase: String
    contains: String
    notContains: String
    containsIgnoreCase: String
    notContainsIgnoreCase: String
    startsWith: String
    notStartsWith: String
    startsWithIgnoreCase: String
    endsWith: String
    notEndsWith: String
  }

  input IDComparator {
    eq: ID
    neq: ID
    in: [ID!]
    nin: [ID!]
  }

  input IssueIDComparator {
    eq: ID
    neq: ID
    in: [ID!]
    nin: [ID!]
  }

  input NumberComparator {
    eq: Float
    neq: Float
    in: [Float!]
    nin: [Float!]
    gt: Float
    gte: Float
    lt: Float
    lte: Float
  }

  input NullableNumberComparator {
    null: Boolean
    eq: Float
    neq: Float
    in: [Float!]
    nin: [Float!]
    gt: Float
    gte: Float
    lt: Float
    lte: Float
  }

  input EstimateComparator {
    null: Boolean
    eq: Float
    neq: Float
    in: [Float!]
    nin: [Float!]
    gt: Float
    gte: Float
    lt: Float
    lte: Float
  }

  input DateComparator {
    eq: DateTimeOrDuration
    neq: DateTimeOrDuration
    in: [DateTimeOrDuration!]
    nin: [DateTimeOrDuration!]
    gt: DateTimeOrDuration
    gte: DateTimeOrDuration
    lt: DateTimeOrDuration
    lte: DateTimeOrDuration
  }

  input NullableDateComparator {
    null: Boolean
    eq: DateTimeOrDuration
    neq: DateTimeOrDuration
    in: [DateTimeOrDuration!]
    nin: [DateTimeOrDuration!]
    gt: DateTimeOrDuration
    gte: DateTimeOrDuration
    lt: DateTimeOrDuration
    lte: DateTimeOrDuration
  }

  input NullableTimelessDateComparator {
    null: Boolean
    eq: TimelessDateOrDuration
    neq: TimelessDateOrDuration
    in: [TimelessDateOrDuration!]
    nin: [TimelessDateOrDuration!]
    gt: TimelessDateOrDuration
    gte: TimelessDateOrDuration
    lt: TimelessDateOrDuration
    lte: TimelessDateOrDuration
  }

  input BooleanComparator {
    eq: Boolean
    neq: Boolean
  }

  input RelationExistsComparator {
    eq: Boolean
    neq: Boolean
  }
`;
