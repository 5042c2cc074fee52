/** What an account reads Jira in. */
export type Language = "en" | "de";

/** The words that Jira ships with; what administrators called otherwise stays as it is. */
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

/** A name as an account of this language is told it. */
export function inLanguage(name: string, language: Language): string {
  return language === "de" ? (german.get(name) ?? name) : name;
}

/**
 * What an answer is written in: the account's own language, unless the request forces another.
 * https://github.com/lesstif/php-jira-rest-client/issues/323, https://github.com/faros-ai/airbyte-connectors/blob/main/sources/jira-source/src/jira.ts
 */
export function languageOf(headers: Readonly<Record<string, string>>, own: Language): Language {
  if (headers["x-force-accept-language"] !== "true") return own;
  return /^de\b/i.test(headers["accept-language"] ?? "") ? "de" : "en";
}
