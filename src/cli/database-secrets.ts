/** The secrets in a database URL: its decoded password, and the whole URL that contains it. Empty if there is no password. */
export function secretsOf(databaseUrl: string | null): readonly string[] {
  const url = databaseUrl === null ? null : URL.parse(databaseUrl);
  const password = url?.password || url?.searchParams.get("password");
  if (databaseUrl === null || !password) return [];
  try {
    return [databaseUrl, decodeURIComponent(password)];
  } catch {
    return [databaseUrl, password];
  }
}
