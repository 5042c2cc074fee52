import type { Subject } from "../conformance/stage.ts";
import { adfToMarkdown } from "./adf-to-markdown.ts";
import { pageSize } from "./client.ts";
import { jira } from "./index.ts";
import { wikiToMarkdown } from "./wiki-to-markdown.ts";

const shared: Subject = {
  definition: jira,
  pageSize,
  states: { open: "To Do", closed: "Done" },
  isListRequest: ({ url, body }) => /"summary"/.test(body) || /\/search\?.*summary/.test(url),
  toMarkdown(nativeBody, server) {
    const { description, attachments } = JSON.parse(nativeBody) as {
      description: unknown;
      attachments: { name: string; path: string }[];
    };
    const findMedia = ({ name }: { name: string }) => {
      const found = attachments.find((one) => one.name === name);
      return found === undefined ? null : { name, url: server + found.path };
    };
    return typeof description === "string"
      ? wikiToMarkdown(description, findMedia)
      : adfToMarkdown(description, findMedia);
  },
  // The second asks for the site's id at the gateway, where a token with scopes would be taken.
  requestsWhenRefused: 2,
  skips: {
    "shows a renamed label everywhere, since issues carry its id":
      "a label in Jira is a word without an id: renaming one changes every issue that has it",
    "reports what the tracker's own list marks as thrown away":
      "Jira has no trash: a deleted issue leaves no trace in the list",
  },
};

/** What the conformance suite has to know of Jira Cloud. */
export const jiraCloudSubject: Subject = { ...shared, label: "Jira Cloud" };

/** The same of a Data Center below a context path. */
export const jiraDataCenterSubject: Subject = {
  ...shared,
  label: "Jira Data Center",
  emulator: { variant: "data-center" },
};
