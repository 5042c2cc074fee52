import { PanopticonError } from "../../domain/error.ts";

/** GitLab's editor writes uploads relative to their project: `![dk](/uploads/66db…/dk.png)`. */
const relative = /(\]\(<?|\]:\s*|\b(?:src|href)=["'])\/uploads\/(?=[0-9a-f]{32}\/)/gi;

/** A text with the full URLs of its uploads, as GitLab's website shows them; `web` is the website's base URL. */
export function withFullUploads(text: string, web: string, projectId: number | string): string {
  return text.replace(relative, (_, before: string) => `${before}${web}/-/project/${projectId}/uploads/`);
}

/** The inverse: writes this project's uploads as GitLab's editor does. */
export function withOwnUploads(text: string, web: string, projectId: number | string): string {
  const own = `${web}/-/project/${projectId}/uploads/`;
  return text.split(own).reduce((before, after) => {
    const isAddress = /(?:\]\(<?|\]:\s*|\b(?:src|href)=["'])$/i.test(before) && /^[0-9a-f]{32}\//i.test(after);
    return `${before}${isAddress ? "/uploads/" : own}${after}`;
  });
}

/** Whether a URL is an upload to a project of this server. */
export function isUpload(url: URL, web: string): boolean {
  return (
    url.href.startsWith(`${web}/-/project/`) && /\/-\/project\/\d+\/uploads\/[0-9a-f]{32}\/[^/]+$/i.test(url.pathname)
  );
}

/**
 * The URL to open a file by: uploads are opened through the API, because GitLab's website accepts no token.
 * https://docs.gitlab.com/api/project_markdown_uploads/ Throws `forbidden` for any other API URL: a text must not make us call the API with the token.
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
