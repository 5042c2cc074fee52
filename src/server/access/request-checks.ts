/** The headers by which a browser tells where a request comes from. */
export type RequestOrigin = {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
};

export type OriginVerdict =
  /** Not a browser, or one too old to tell: only the session decides. */
  | { readonly kind: "program" }
  /** Our own page, or the user through the address bar. */
  | { readonly kind: "browser" }
  | { readonly kind: "refused"; readonly reason: string; readonly hint: string };

const ownNames = ["127.0.0.1", "localhost", "[::1]"];

/** Whether a host is one of this machine's own names; anything else is DNS rebinding or a proxy. */
function isOwnHost(host: string, port: number): boolean {
  return ownNames.some((name) => host === `${name}:${port}` || (port === 80 && host === name));
}

/**
 * Refuses requests from pages of other sites. `Host` must be one of ours; `Origin`, if sent, exactly the requested address; `Sec-Fetch-Site` `same-origin`, or
 * `none` for a navigation. `same-site` is another port of this machine, and refused.
 */
export function checkOrigin(request: RequestOrigin, port: number): OriginVerdict {
  const host = request.host?.toLowerCase();
  if (host === undefined || !isOwnHost(host, port)) {
    return {
      kind: "refused",
      reason: "This server only responds to its own name on this machine.",
      hint: `Open http://127.0.0.1:${port}. Through an SSH tunnel, use the same port on both sides: ssh -L ${port}:127.0.0.1:${port} HOST.`,
    };
  }
  if (request.origin !== undefined && request.origin.toLowerCase() !== `http://${host}`) return crossSite();
  switch (request.fetchSite) {
    case undefined:
      return request.origin === undefined ? { kind: "program" } : { kind: "browser" };
    case "same-origin":
      return { kind: "browser" };
    case "none":
      return request.fetchMode === "navigate" && (request.method === "GET" || request.method === "HEAD")
        ? { kind: "browser" }
        : crossSite();
    default:
      return crossSite();
  }
}

/** Like `checkOrigin`, for programs elsewhere: also accepts `publicHost`, and refuses browsers. */
export function checkSender(request: RequestOrigin, port: number, publicHost: string | null): OriginVerdict {
  const host = request.host?.toLowerCase();
  const isPublic = publicHost !== null && host === publicHost;
  const verdict = checkOrigin(isPublic ? { ...request, host: `localhost:${port}` } : request, port);
  return verdict.kind === "browser" ? crossSite() : verdict;
}

function crossSite(): OriginVerdict {
  return {
    kind: "refused",
    reason: "The request came from a page on another site.",
    hint: "Type the address into the browser, or open the one that `pan up` prints.",
  };
}
