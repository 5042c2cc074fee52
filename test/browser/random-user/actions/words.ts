/** What the user types into filters, searches and texts besides unique words. */
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
