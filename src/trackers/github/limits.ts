/** The most assignees an issue can have; GitHub silently leaves out others: https://docs.github.com/en/rest/issues/assignees#add-assignees-to-an-issue */
export const mostAssignees = 10;
