/** Whether a path belongs to the API, known or not; such a path never serves the dashboard. */
export const isApiPath = (path: string): boolean => /^\/+(?:api|webhooks)(?:\/|$)/i.test(path);

/** The methods that the routes support for a path, as for `Allow`; empty if there is no such path. */
export function allowedMethods(
  routes: readonly { readonly method: string; readonly path: string }[],
  path: string,
): readonly string[] {
  const methods = routes
    .filter((route) => route.method !== "ALL" && route.path !== "/*" && fits(route.path, path))
    .flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  return [...new Set(methods)].toSorted();
}

/** `:name` matches any non-empty segment. */
function fits(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith(":") ? given[index] !== "" : part === given[index]))
  );
}
