/** Whether an address is one of the API, known or not; such a one never gets the dashboard. */
export const isApiPath = (path: string): boolean => /^\/+(?:api|webhooks)(?:\/|$)/i.test(path);

/** The methods that the routes have for an address, as `Allow` lists them; empty: there is no such address. */
export function allowedMethods(
  routes: readonly { readonly method: string; readonly path: string }[],
  path: string,
): readonly string[] {
  const methods = routes
    .filter((route) => route.method !== "ALL" && route.path !== "/*" && fits(route.path, path))
    .flatMap(({ method }) => (method === "GET" ? ["GET", "HEAD"] : [method]));
  return [...new Set(methods)].toSorted();
}

/** `:name` is one part, whatever stands there. */
function fits(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split("/"), path.split("/")];
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => (part.startsWith(":") ? given[index] !== "" : part === given[index]))
  );
}
