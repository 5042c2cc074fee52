import { GraphQLError } from "graphql";
import type { WorkStatus } from "../records.ts";

/** GitLab's message for both missing and forbidden resources. */
export const unavailable =
  "The resource that you are attempting to access does not exist or you don't have permission to perform this action";

export const globalId = (kind: string, id: number) => `gid://gitlab/${kind}/${id}`;

export const statusId = ({ kind, id }: WorkStatus) => globalId(`WorkItems::Statuses::${kind}::Status`, id);

/** The number in a global id of one of these kinds; throws a request error otherwise. */
export function numberIn(id: unknown, ...kinds: readonly string[]): number {
  const [, kind = "", number = ""] = /^gid:\/\/gitlab\/([A-Za-z:]+)\/(\d+)$/.exec(String(id)) ?? [];
  if (number === "") throw new GraphQLError(`"${String(id)}" is not a valid GitLab ID.`);
  if (!kinds.includes(kind)) throw new GraphQLError(`"${String(id)}" does not represent an instance of ${kinds[0]}`);
  return Number(number);
}
