/** What is secret of a database's address: its password as it is meant, and the address that holds it. Of one without a password nothing is. */
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
