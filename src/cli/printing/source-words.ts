/** `jira:BOOK (Booking)`: a source's id, with its name if that adds something. */
export function sourceWords({ id, name }: { readonly id: string; readonly name: string }): string {
  return id.endsWith(`:${name}`) ? id : `${id} (${name})`;
}
