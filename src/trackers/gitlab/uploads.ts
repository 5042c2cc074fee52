import { PanopticonError } from "../../domain/error.ts";

/** GitLab's editor writes uploads relative to their project: `![dk](/uploads/66db…/dk.png)`. */
const relative = /(\]\(<?|\]:\s*|\b(?:src|href)=["'])\/uploads\/(?=[0-9a-f]{32}\/)/gi;

/** A text with its uploads' addresses in full, as GitLab's own pages show them; `web` is the address of those pages. */
export function withFullUploads(text: string, web: string, projectId: number | string): string {
  return text.replace(relative, (_, before: string) => `${before}${web}/-/project/${projectId}/uploads/`);
}

/** The other way round: the uploads of this project are written as its editor does. */
export function withOwnUploads(text: string, web: string, projectId: number | string): string {
  const own = `${web}/-/project/${projectId}/uploads/`;
  return text.split(own).reduce((before, after) => {
    const isAddress = /(?:\]\(<?|\]:\s*|\b(?:src|href)=["'])$/i.test(before) && /^[0-9a-f]{32}\//i.test(after);
    return `${before}${isAddress ? "/uploads/" : own}${after}`;
  });
}

/** Whether an address is that of an upload to some project of this server. */
export function isUpload(url: URL, web: string): boolean {
  return (
    url.href.startsWith(`${web}/-/project/`) && /\/-\/project\/\d+\/uploads\/[0-9a-f]{32}\/[^/]+$/i.test(url.pathname)
  );
}

/**
 * Where a file is to be asked for: uploads through the API, since GitLab's pages take no token. https://docs.gitlab.com/api/project_markdown_uploads/
 * Throws `forbidden` for any other call of the API: a text must not make us send one with the token.
 */
export function toFileAddress(address: string, web: string): string {
  const url = URL.parse(address);
  if (url === null || url.username !== "" || url.password !== "" || !url.href.startsWith(`${web}/`)) return address;
  const below = url.href.slice(web.length);
  const upload = /^\/(?:-\/project|api\/v4\/projects)\/(\d+)\/uploads\/([0-9a-f]{32}\/[^/?#]+)$/i.exec(below);
  if (upload !== null) return `${web}/api/v4/projects/${upload[1]}/uploads/${upload[2]}`;
  if (!/^\/(api|-)\//i.test(below)) return address;
  throw new PanopticonError("forbidden", "This is not a file attached to a GitLab issue.", {
    tracker: "gitlab",
    hint: "Open it in GitLab.",
  });
}
