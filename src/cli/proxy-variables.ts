/** In curl's, gh's and glab's spelling. If both cases are set, lower case wins. */
export const proxyVariables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that set a proxy, and their values. */
export function findProxies(env: Environment): readonly { readonly variable: string; readonly written: string }[] {
  return proxyVariables.flatMap((variable) => {
    const written = env[variable];
    return written === undefined || written === "" ? [] : [{ variable, written }];
  });
}
