/** The prefix of state ids for a group's statuses; the other states are `opened` and `closed`. */
const prefix = "status:";

const gid = /^gid:\/\/gitlab\/WorkItems::Statuses::(SystemDefined|Custom)::Status\/(\d+)$/;

/** `gid://gitlab/WorkItems::Statuses::Custom::Status/42` → `status:Custom:42`; null if it is not the id of a status. */
export function toStateId(statusGid: string): string | null {
  const [, kind, number] = gid.exec(statusGid) ?? [];
  return kind === undefined ? null : `${prefix}${kind}:${number}`;
}

/** The id that GraphQL takes; null for a state that is not a status. */
export function toStatusGid(stateId: string): string | null {
  const [, kind, number] = /^status:(SystemDefined|Custom):(\d+)$/.exec(stateId) ?? [];
  return kind === undefined ? null : `gid://gitlab/WorkItems::Statuses::${kind}::Status/${number}`;
}

export function isStatus(stateId: string): boolean {
  return stateId.startsWith(prefix);
}
