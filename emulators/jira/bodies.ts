import { adfFault } from "./adf-check.ts";
import { adfToWiki } from "./adf-to-wiki.ts";
import type { AdfNode } from "./markdown-to-adf.ts";
import type { Body, Issue } from "./records.ts";
import { documentOf, type Edition, type JiraState } from "./state.ts";

/** The maximum length of texts. https://confluence.atlassian.com/adminjiraserver/configuring-advanced-settings-938847545.html */
const longestBody = 32_767;

/** An issue's description in responses: a document in Cloud, wiki markup in Data Center. */
export function descriptionOf(state: JiraState, issue: Issue): Body | null {
  return issue.wiki ?? toWireBody(state.edition, documentOf(issue));
}

export function toWireBody(edition: Edition, body: Body | null): Body | null {
  return body === null || typeof body === "string" || edition === "cloud" ? body : adfToWiki(body);
}

/** `field`: concerns the field it was sent for; `request`: the request as a whole. */
export type BodyFault = { readonly about: "field" | "request"; readonly message: string };

/** Reads a body as sent by a program; null clears it. */
export function readBody(edition: Edition, value: unknown): { readonly body: Body | null } | BodyFault {
  if (value === null) return { body: null };
  if (edition === "data-center") {
    if (typeof value !== "string") return { about: "field", message: "Operation value must be a string" };
    return value.length > longestBody ? { about: "field", message: tooLong } : { body: value === "" ? null : value };
  }
  const words = "Operation value must be an Atlassian Document (see the Atlassian Document Format)";
  if (typeof value !== "object" || Array.isArray(value)) return { about: "field", message: words };
  if (adfFault(value) !== null) return { about: "request", message: "INVALID_INPUT" };
  const document = value as AdfNode;
  if (textOf(document).length > longestBody) return { about: "request", message: "CONTENT_LIMIT_EXCEEDED" };
  return { body: document };
}

const tooLong = "The entered text is too long. It exceeds the allowed limit of 32,767 characters.";

/** The plain text of a body, for searches. */
export function textOf(body: Body): string {
  if (typeof body === "string") return body;
  if (body.text !== undefined) return body.text;
  return (body.content ?? []).map(textOf).join(body.type === "paragraph" || body.type === "heading" ? "" : "\n");
}
