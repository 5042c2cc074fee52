import type { TrackerShape } from "../../../src/server/contract/tracker.ts";
import type { CredentialChanges } from "../api/endpoints.ts";

export type Credential = TrackerShape["credentials"][number];

/** What stands in a form, by field: secrets begin empty, the rest with what is in force. */
export type Drafts = Readonly<Record<string, string>>;

export function initialDrafts(credentials: readonly Credential[]): Drafts {
  return Object.fromEntries(credentials.map((field) => [field.name, shownDraft(field)]));
}

/** A default is said by the placeholder; what is written over it is what counts. */
function shownDraft({ secret, value, stored, origin }: Credential): string {
  return secret || value === null || (!stored && origin === "default") ? "" : value;
}

/** What a form changes of what is stored. An empty secret keeps the one there is, another field that was emptied is taken out. */
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

/** What is still needed before there is something to test. */
export function missingFields(credentials: readonly Credential[], drafts: Drafts): readonly Credential[] {
  return credentials.filter(
    ({ name, required, present }) => required && !present && (drafts[name] ?? "").trim() === "",
  );
}
