/** The password in a database's address, as it is meant; null: there is none. */
export function passwordOf(databaseUrl: string | null): string | null {
  const password = databaseUrl === null ? undefined : URL.parse(databaseUrl)?.password;
  if (password === undefined || password === "") return null;
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
