/** A workspace or project by ObjectID, parsed from what users write. */
export type Place = { readonly workspace: string | null; readonly project: string | null };

/**
 * Parses `/workspace/12345`, `/project/67890`, both in one (a URL copied from the browser, `…/#/workspace/12345/project/67890`), the URL of a project's page
 * (`…/#/67890d/…`), `12345/67890`, or a bare number, which is of the given `kind`. null for anything else.
 */
export function parsePlace(text: string, kind: "workspace" | "project"): Place | null {
  const trimmed = text.trim();
  if (/^\d+$/.test(trimmed)) {
    return kind === "workspace" ? { workspace: trimmed, project: null } : { workspace: null, project: trimmed };
  }
  const pair = /^(\d+)\/(\d+)$/.exec(trimmed);
  if (pair !== null) return { workspace: pair[1] ?? null, project: pair[2] ?? null };
  if (/\s/.test(trimmed)) return null;
  const isAddress = /^https?:\/\/[^/]+\//i.test(trimmed);
  if (!isAddress && !/^\/?(?:workspace|project)\//i.test(trimmed)) return null;
  const rest = isAddress ? trimmed.slice(trimmed.indexOf("/", "https://".length)) : trimmed;
  const workspace = /(?:^|\/)workspace\/(\d+)(?=[/?&#]|$)/i.exec(rest)?.[1] ?? null;
  const project =
    /(?:^|\/)project\/(\d+)(?=[/?&#]|$)/i.exec(rest)?.[1] ??
    // The browser's URL of a project: its number, with letters for the scope (up, down).
    (isAddress ? (/#\/(\d+)u?d?(?=[/?&]|$)/.exec(rest)?.[1] ?? null) : null);
  return workspace === null && project === null ? null : { workspace, project };
}

/** The canonical key of a source, `12345/67890`; only the project if no workspace is known. null if no project is given. */
export function toSourceKey(value: string | null, workspace: string | null): string | null {
  const place = value === null ? null : parsePlace(value, "project");
  const around = workspace === null ? null : parsePlace(workspace, "workspace");
  const project = place?.project ?? around?.project ?? null;
  if (project === null) return null;
  const owner = place?.workspace ?? around?.workspace ?? null;
  return owner === null ? project : `${owner}/${project}`;
}
