/** What a user types into a filter, a search or a text that is not a word of its own. */
export const usualWords = [
  "assignee:me",
  "status:done",
  "tracker:jira",
  "label:bug",
  "priority:high",
  "the",
  "zzz",
  "cycle:",
  "is",
  "@",
  "#",
  "- [ ] task",
  "**bold**",
  "project:one",
  "-x",
];
