/** Where a git remote points: `git@github.com:owner/repo.git` → host `github.com`, path `owner/repo`. */
export type GitRemote = { readonly host: string; readonly path: string };

/**
 * Parses the address of a git remote, in git's URL form or its scp-like form; returns null for local paths and anything else.
 * The host is in lower case and without user and port; the path is without `.git` and outer slashes.
 */
export function parseGitRemote(address: string): GitRemote | null {
  const text = address.trim();
  const url = /^(?:https?|ssh|git|git\+ssh):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/i.exec(text);
  // git reads `host:path` as scp-like only when no slash comes before the colon.
  const scp = /^(?:[^@/:]+@)?([^/:@\\]{2,}):(?!\/\/)(.+)$/.exec(text);
  const match = url ?? scp;
  const host = match?.[1]?.toLowerCase();
  const path = match?.[2]?.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "");
  return host && path ? { host, path } : null;
}
