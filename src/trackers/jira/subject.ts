import type { Subject } from "../conformance/stage.ts";
import { toMarkdown } from "./text/adf-to-markdown.ts";
import { mediaOf, readDocument } from "./text/body-format.ts";
import { pageSize } from "./client.ts";
import { jira } from "./index.ts";

/** The Markdown of a text as stored by the emulator. */
function toText(nativeBody: string, server = ""): string {
  const { description, attachments } = JSON.parse(nativeBody) as {
    description: unknown;
    attachments: { name: string; path: string }[];
  };
  const document = readDocument(description);
  const files = attachments.map(({ name, path }) => ({ name, url: server + path }));
  return document === null ? "" : toMarkdown(document, mediaOf(files));
}

const shared: Subject = {
  definition: jira,
  pageSize,
  states: { open: "To Do", closed: "Done" },
  isListRequest: ({ url, body }) => /"summary"/.test(body) || /\/search\?.*summary/.test(url),
  questions: {
    list: { path: "/search" },
    read: { method: "GET", path: "/issue/" },
    comments: { method: "GET", path: "/comment" },
    describe: { method: "GET", path: "/statuses" },
  },
  listField: "issues",
  toMarkdown: toText,
  writing: {
    requests: {
      create: { method: "POST", path: "/issue" },
      comment: { method: "POST", path: "/comment" },
      edit: { method: "PUT", path: "/issue/" },
    },
    writes: [{ method: "POST", path: "/issue" }, { method: "PUT" }],
    shown: toText,
    // Labels are single words.
    labelName: (words) => words.replace(/\s+/g, "-"),
    lengthOf: (text) => text.length,
    canBeParent: (child, parent) =>
      child.type === "Epic" ? false : child.type === "Sub-task" ? parent.type !== "Epic" : parent.type === "Epic",
  },
  // The second request asks for the site's id at the gateway, which accepts tokens with scopes.
  requestsWhenRefused: 2,
  skips: {
    "shows a renamed label everywhere, because issues contain its id":
      "a Jira label is a word without an id: renaming it changes every issue that has it",
    "reports what the tracker's own list marks as trashed":
      "Jira has no trash: a deleted issue leaves no trace in the list",
  },
};

/** What the conformance suite needs to know about Jira Cloud. */
export const jiraCloudSubject: Subject = { ...shared, label: "Jira Cloud" };

/** The same for a Data Center below a context path. */
export const jiraDataCenterSubject: Subject = {
  ...shared,
  label: "Jira Data Center",
  emulator: { variant: "data-center" },
  skips: {
    ...shared.skips,
    "never retries a write, whatever happened to its response":
      "Data Center answers an edit with 204: there is no body that could be truncated or garbled",
    "returns in its lists which operation created an issue":
      "Data Center's search does not return entity properties, which take a request per issue",
  },
};

/** Both of Jira's APIs. */
export const jiraSubjects: readonly Subject[] = [jiraCloudSubject, jiraDataCenterSubject];
