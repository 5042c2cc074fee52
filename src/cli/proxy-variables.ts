/** By scheme, as curl, gh and glab understand them. Where a name is written in both ways, the small one counts. */
export const proxyVariables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** The variables that name a proxy, and what they hold. */
export function findProxies(env: Environment): readonly { readonly variable: string; readonly written: string }[] {
  return proxyVariables.flatMap((variable) => {
    const written = env[variable];
    return written === undefined || written === "" ? [] : [{ variable, written }];
  });
}
