import type { CommentShape } from "../../../../src/server/contract/issue.ts";
import type { PersonShape } from "../../ui/person.ts";

/** The user as the tracker's issues and comments show them, with the same name and picture; as the credentials name them, if they have not been read there. */
export function ownPerson(
  account: Pick<PersonShape, "login" | "name"> | null,
  members: readonly PersonShape[],
  comments: readonly CommentShape[],
): PersonShape | null {
  const written = comments.find(({ own }) => own)?.author;
  if (written != null) return written;
  if (account === null) return null;
  const { login, name } = account;
  return members.find((member) => member.login === login) ?? { login, name, avatarUrl: null };
}
