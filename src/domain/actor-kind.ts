/** Who acts, as people tell them apart: themselves, programs, agents, people in a tracker, Panopticon. */
export const actorKinds = ["you", "cli", "agent", "tracker", "panopticon"] as const;

export type ActorKind = (typeof actorKinds)[number];

/** The first words that the history has for each kind (`actorName` in operation.ts); whoever has another one is somebody in a tracker. */
export const actorWords: Readonly<Record<Exclude<ActorKind, "tracker">, readonly string[]>> = {
  you: ["you"],
  cli: ["cli", "api"],
  agent: ["agent"],
  panopticon: ["panopticon"],
};

/** What kind of actor the history's word means: `agent claude` is an agent, a program that uses the API is like the CLI, anybody unknown somebody in a tracker. */
export function actorKind(actor: string): ActorKind {
  const [first = ""] = actor.split(" ");
  const known = actorKinds.find((kind) => kind !== "tracker" && actorWords[kind].includes(first));
  return known ?? "tracker";
}
