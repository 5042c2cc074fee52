/** The states of issues whose statuses their group made begin with this; the others are `opened` and `closed`. */
const prefix = "status:";

const gid = /^gid:\/\/gitlab\/WorkItems::Statuses::(SystemDefined|Custom)::Status\/(\d+)$/;

/** `gid://gitlab/WorkItems::Statuses::Custom::Status/42` → `status:Custom:42`; null for what is no status's id. */
export function toStateId(statusGid: string): string | null {
  const [, kind, number] = gid.exec(statusGid) ?? [];
  return kind === undefined ? null : `${prefix}${kind}:${number}`;
}

/** The id that GraphQL takes; null for a state that is no status. */
export function toStatusGid(stateId: string): string | null {
  const [, kind, number] = /^status:(SystemDefined|Custom):(\d+)$/.exec(stateId) ?? [];
  return kind === undefined ? null : `gid://gitlab/WorkItems::Statuses::${kind}::Status/${number}`;
}

export function isStatus(stateId: string): boolean {
  return stateId.startsWith(prefix);
}
