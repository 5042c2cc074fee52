/** Display name of an actor. `label`: the display name of the tracker. */
export function actorWords(actor: string, label: string): string {
  if (actor === "you") return "You";
  if (actor === "cli") return "You, via CLI";
  if (actor === "api") return "An API client";
  if (actor === "panopticon") return "Panopticon";
  if (actor === "tracker") return `Someone in ${label}`;
  return actor.replace(/^(?:agent|api) /, "");
}
