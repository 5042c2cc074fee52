import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import type { CredentialChanges } from "../api/endpoints.ts";

export type Credential = TrackerShape["credentials"][number];

/** A form's values by field: secrets start empty, others with the current value. */
export type Drafts = Readonly<Record<string, string>>;

export function initialDrafts(credentials: readonly Credential[]): Drafts {
  return Object.fromEntries(credentials.map((field) => [field.name, shownDraft(field)]));
}

/** Defaults appear as placeholders, not as values. */
function shownDraft({ secret, value, stored, origin }: Credential): string {
  return secret || value === null || (!stored && origin === "default") ? "" : value;
}

/** What a form changes in the stored credentials. An empty secret is kept; any other emptied field is deleted. */
export function changesOf(credentials: readonly Credential[], drafts: Drafts): CredentialChanges {
  const changes: Record<string, string | null> = {};
  for (const field of credentials) {
    if (field.locked !== null) continue;
    const draft = (drafts[field.name] ?? "").trim();
    if (draft === shownDraft(field)) continue;
    if (draft !== "") changes[field.name] = draft;
    else if (!field.secret) changes[field.name] = null;
  }
  return changes;
}

/** Required fields that are still empty. */
export function missingFields(credentials: readonly Credential[], drafts: Drafts): readonly Credential[] {
  return credentials.filter(
    ({ name, required, present }) => required && !present && (drafts[name] ?? "").trim() === "",
  );
}

/** Whether a connection has every credential it needs; otherwise there is nothing to test. */
export function hasCredentials({ credentials }: Pick<TrackerShape, "credentials">): boolean {
  return credentials.every(({ required, present }) => !required || present);
}
