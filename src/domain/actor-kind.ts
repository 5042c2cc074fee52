/** The kinds of actors that people distinguish: the user, programs, agents, people in a tracker, Panopticon. */
export const actorKinds = ["you", "cli", "agent", "tracker", "panopticon"] as const;

export type ActorKind = (typeof actorKinds)[number];

/** The first word of an actor's name in the history, by kind (`actorName` in operation.ts). Any other first word is a person in a tracker. */
export const actorWords: Readonly<Record<Exclude<ActorKind, "tracker">, readonly string[]>> = {
  you: ["you"],
  cli: ["cli", "api"],
  agent: ["agent"],
  panopticon: ["panopticon"],
};

/**
 * The kind of an actor named in the history: `agent claude` is an agent, a program that uses the API counts as the CLI, an unknown name is a person in a
 * tracker.
 */
export function actorKind(actor: string): ActorKind {
  const [first = ""] = actor.split(" ");
  const known = actorKinds.find((kind) => kind !== "tracker" && actorWords[kind].includes(first));
  return known ?? "tracker";
}
