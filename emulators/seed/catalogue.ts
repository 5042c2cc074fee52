import type { Random } from "./random.ts";

/**
 * The company's sources in each tracker. Issue numbers are computable, so that other trackers' issues can refer to issues that do not exist yet: Linear and
 * GitLab count 1, 2, 3; on GitHub every third number is a pull request.
 */
export type CatalogueEntry = {
  readonly tracker: string;
  readonly key: string;
  readonly name: string;
  /** Name of the area in `areas.ts`. */
  readonly area: string;
  /** The ref of the source's issue at an index (from 0), as people write it. */
  readonly refer: (index: number) => string;
};

/** GitHub's number of the issue at an index (from 0): 1, 2, 4, 5, 7, 8, … */
export function gitHubIssueNumber(index: number): number {
  return Math.floor(index / 2) * 3 + (index % 2) + 1;
}

/** GitHub's number of the pull request at an index (from 0): 3, 6, 9, … */
export function gitHubPullNumber(index: number): number {
  return (index + 1) * 3;
}

const gitHub = (name: string, area: string): CatalogueEntry => ({
  tracker: "github",
  key: `harborline/${name}`,
  name: `harborline/${name}`,
  area,
  refer: (index) => `${name}#${gitHubIssueNumber(index)}`,
});

const linear = (key: string, name: string, area: string): CatalogueEntry => ({
  tracker: "linear",
  key,
  name,
  area,
  refer: (index) => `${key}-${index + 1}`,
});

const gitLab = (path: string, area: string): CatalogueEntry => ({
  tracker: "gitlab",
  key: `harborline/${path}`,
  name: `harborline/${path}`,
  area,
  refer: (index) => `${path.split("/").at(-1) ?? path}!${index + 1}`,
});

/** The company's Rally workspace, and an empty one. */
export const rallyWorkspaces = [
  { oid: 41_529_001, name: "Harborline" },
  { oid: 41_529_002, name: "Harborline Sandbox" },
] as const;

/** The first of the company's Rally projects; the others count on from it. */
const firstRallyProject = 41_530_120;

/** Rally's id of the feature at an index (from 0) among a project's features. Computable, as each project has numbers of its own. */
export function rallyFeatureNumber(project: number, index: number): number {
  return (project - firstRallyProject) * 100_000 + index + 1;
}

/** In Rally every tenth item is a feature, and only features are referred to: the numbers of other types depend on random draws. */
const rally = (oid: number, name: string, area: string): CatalogueEntry => ({
  tracker: "rally",
  key: `${rallyWorkspaces[0].oid}/${oid}`,
  name,
  area,
  refer: (index) => `F${rallyFeatureNumber(oid, Math.floor(index / 10))}`,
});

const jira = (key: string, name: string, area: string): CatalogueEntry => ({
  tracker: "jira",
  key,
  name,
  area,
  refer: (index) => `${key}-${index + 1}`,
});

const catalogue: readonly CatalogueEntry[] = [
  gitHub("portal", "portal"),
  gitHub("carrier-sdk", "carrier-sdk"),
  gitHub("dispatch-console", "ops"),
  gitHub("driver-app", "app"),
  linear("APP", "Shipper App", "app"),
  linear("OPS", "Operations", "ops"),
  linear("WEB", "Web Platform", "portal"),
  linear("SDK", "Integrations", "carrier-sdk"),
  rally(41_530_120, "Dispatch Desk", "ops"),
  rally(41_530_121, "Shipper Mobile", "app"),
  rally(41_530_122, "Customer Portal", "portal"),
  rally(41_530_123, "Carrier Integrations", "carrier-sdk"),
  gitLab("platform/billing", "billing"),
  gitLab("platform/edge", "platform"),
  gitLab("platform/deploy/runners", "platform"),
  gitLab("finance/payouts", "billing"),
  jira("BOOK", "Booking", "portal"),
  jira("YARD", "Yard Operations", "ops"),
  jira("MOB", "Driver Mobile", "app"),
  jira("EDI", "Carrier EDI", "carrier-sdk"),
];

/** The sources after those of the catalogue, for companies with many, by number (from 5). */
const more: Readonly<Record<string, (number: number) => CatalogueEntry>> = {
  github: (number) => gitHub(`service-${number}`, "platform"),
  linear: (number) => linear(`TM${number}`, `Team ${number}`, "ops"),
  rally: (number) => rally(firstRallyProject + number - 1, `Team ${number}`, "ops"),
  gitlab: (number) => gitLab(`services/service-${number}`, "platform"),
  jira: (number) => jira(`TM${number}`, `Team ${number}`, "ops"),
};

/** The first `count` sources of a tracker; those after the fourth are numbered. */
export function sourcesOf(tracker: string, count: number): CatalogueEntry[] {
  const own = catalogue.filter((entry) => entry.tracker === tracker);
  const invent = more[tracker];
  if (count < 1 || invent === undefined) throw new Error(`The ${tracker} emulator has no ${count} sources.`);
  const invented = Array.from({ length: Math.max(0, count - own.length) }, (_, at) => invent(own.length + at + 1));
  return [...own.slice(0, count), ...invented];
}

/** Draws references to the first two sources of each other tracker, below `count` issues each. */
export function referencesFrom(tracker: string, count: number): (random: Random) => string | null {
  const trackers = new Set(catalogue.map((entry) => entry.tracker));
  trackers.delete(tracker);
  const others = [...trackers].flatMap((other) => sourcesOf(other, 2));
  return (random) => (others.length === 0 ? null : random.pick(others).refer(random.int(Math.max(1, count))));
}

/** The share of the source at `position` in `total` issues: as even as possible, the first ones get one more. */
export function shareOf(total: number, sources: number, position: number): number {
  return Math.floor(total / sources) + (position < total % sources ? 1 : 0);
}
