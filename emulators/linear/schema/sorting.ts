/** Internal arguments that the official client declares. The emulator rejects queries that use them. */
export const sorting = /* GraphQL */ `
  input IssueSortInput {
    createdAt: CreatedAtSort
    updatedAt: UpdatedAtSort
  }

  input UserSortInput {
    displayName: UserDisplayNameSort
    name: UserNameSort
  }

  input CreatedAtSort {
    nulls: PaginationNulls = last
    order: PaginationSortOrder
  }

  input UpdatedAtSort {
    nulls: PaginationNulls = last
    order: PaginationSortOrder
  }

  input UserDisplayNameSort {
    nulls: PaginationNulls = last
    order: PaginationSortOrder
  }

  input UserNameSort {
    nulls: PaginationNulls = last
    order: PaginationSortOrder
  }

  enum PaginationNulls {
    first
    last
  }

  enum PaginationSortOrder {
    Ascending
    Descending
  }
`;
