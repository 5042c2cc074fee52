import type { CommentShape } from "../../../../src/server/contract/issue.ts";

export function nameOf(author: CommentShape["author"]): string {
  return author === null ? "Unknown author" : author.name || author.login;
}

export function firstLine(body: string): string {
  return body.trim().split("\n", 1)[0] ?? "";
}
