import { argumentError, entityNotFound, inputError, insertConflict, scopeMissing } from "./errors.ts";
import type { Issue, Team } from "./records.ts";
import type { RequestContext } from "./request-context.ts";
import type { LinearState } from "./state.ts";

/** Not documented; based on reports of API users. */
const longestTitle = 255;
const longestName = 255;

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/** Throws if the key may not write. Call it first: Linear checks the scope before anything else. */
export function requireWrite(context: RequestContext): void {
  if (!context.writes) throw scopeMissing("write");
}

/** The id that a client chose, or a new one. Rejects an id that is already taken. */
export function takeId(
  state: LinearState,
  id: string | null | undefined,
  entity: string,
  isTaken: (id: string) => boolean,
): string {
  if (id === null || id === undefined) return state.uuid();
  if (!uuid4.test(id)) throw argumentError("id", { isUuid: "id must be a UUID." });
  if (isTaken(id)) throw insertConflict(entity, id);
  return id;
}

export function checkTitle(title: string | null | undefined): string {
  if (title === null || title === undefined || title.trim() === "")
    throw argumentError("title", { minLength: "title must be longer than or equal to 1 characters." });
  if (title.length > longestTitle)
    throw argumentError("title", { maxLength: `title must be shorter than or equal to ${longestTitle} characters.` });
  return title;
}

export function checkName(name: string): string {
  if (name.trim() === "")
    throw argumentError("name", { minLength: "name must be longer than or equal to 1 characters." });
  if (name.length > longestName)
    throw argumentError("name", { maxLength: `name must be shorter than or equal to ${longestName} characters.` });
  return name.trim();
}

export function checkColor(color: string): string {
  if (!/^#[0-9a-f]{6}$/i.test(color)) throw argumentError("color", { matches: "color must be a hexadecimal color." });
  return color;
}

export function findTeam(state: LinearState, context: RequestContext, id: string): Team {
  const team = state.teams.find((one) => one.id === id && context.sees(one));
  if (team === undefined) throw entityNotFound("Team");
  return team;
}

/** Finds an issue by id or identifier, if the caller sees it. Archived ones cannot be changed. */
export function findIssue(state: LinearState, context: RequestContext, id: string): Issue {
  const issue = state.byId.get(id) ?? state.byIdentifier.get(id.toUpperCase());
  if (issue === undefined || !context.sees(issue.team)) throw entityNotFound("Issue");
  return issue;
}

export function requireUnarchived(issue: Issue): void {
  if (issue.archivedAt === null) return;
  throw inputError("Issue is archived", "The issue is archived. Unarchive it before changing it.");
}

/** The common part of every mutation's payload. */
export function done(state: LinearState): { readonly success: true; readonly lastSyncId: number } {
  state.lastSyncId += 1;
  return { success: true, lastSyncId: state.lastSyncId };
}
