/** The language of an account. */
export type Language = "en" | "de";

/** Translations of the names that ship with Jira; names chosen by administrators are not translated. */
const german: ReadonlyMap<string, string> = new Map([
  ["To Do", "Zu erledigen"],
  ["In Progress", "In Arbeit"],
  ["In Review", "In Überprüfung"],
  ["Open", "Offen"],
  ["Resolved", "Erledigt"],
  ["Done", "Fertig"],
  ["Won't Do", "Wird nicht erledigt"],
  ["Duplicate", "Duplikat"],
  ["Cannot Reproduce", "Nicht reproduzierbar"],
  ["Highest", "Höchste"],
  ["High", "Hoch"],
  ["Medium", "Mittel"],
  ["Low", "Niedrig"],
  ["Lowest", "Niedrigste"],
  ["Task", "Aufgabe"],
  ["Bug", "Fehler"],
  ["Sub-task", "Unteraufgabe"],
  ["Story Points", "Story-Punkte"],
]);

/** A name in this language. */
export function inLanguage(name: string, language: Language): string {
  return language === "de" ? (german.get(name) ?? name) : name;
}

/**
 * A response's language: the account's own, unless the request overrides it. https://github.com/lesstif/php-jira-rest-client/issues/323,
 * https://github.com/faros-ai/airbyte-connectors/blob/main/sources/jira-source/src/jira.ts
 */
export function languageOf(headers: Readonly<Record<string, string>>, own: Language): Language {
  if (headers["x-force-accept-language"] !== "true") return own;
  return /^de\b/i.test(headers["accept-language"] ?? "") ? "de" : "en";
}
