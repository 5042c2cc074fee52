import type { Area } from "./area.ts";
import { customers, everyIssueWord, lanes, rareWords } from "./company.ts";
import type { Random } from "./random.ts";
import type { Story } from "./story.ts";

type About = Pick<Story, "title" | "kind" | "component"> & {
  readonly area: Area;
  /** References to other issues as people write them: `APP-12`, `carrier-sdk#45`. */
  readonly references: readonly string[];
};

/** A markdown body. Each names the company once (see `everyIssueWord`). */
export function makeBody(random: Random, about: About): string {
  const parts =
    about.kind === "bug"
      ? bugParts(random, about)
      : about.kind === "feature"
        ? featureParts(random, about)
        : choreParts(random, about);
  for (const { oneIn, sentence } of rareWords) if (random.chance(1 / oneIn)) parts.push(sentence);
  if (about.references.length > 0) parts.push(`Related issues: ${about.references.join(", ")}`);
  parts.push(`_${everyIssueWord} ${release(random)} · ${about.component}_`);
  return parts.join("\n\n");
}

function bugParts(random: Random, about: About): string[] {
  const { area } = about;
  const load = 40_000 + random.int(50_000);
  const parts = area.phrases.kind === "library" ? libraryBug(random, about, load) : screenBug(random, about, load);
  if (random.chance(0.4)) {
    const level = random.pick(["WARN", "ERROR"]);
    parts.push(
      `\`\`\`text\n${level} ${area.module} request=${random.uuid().slice(0, 8)} load=${load}\n  ${random.pick(logLines)}\n    at ${area.module}/${random.pick(fileNames)}.ts:${10 + random.int(400)}\n\`\`\``,
    );
  }
  if (random.chance(0.25)) {
    parts.push(
      `| Environment | Seen | Since |\n| --- | --- | --- |\n| production | ${1 + random.int(60)} times | ${release(random)} |\n| staging | ${random.pick(["yes", "no", "not tried"])} | ${release(random)} |`,
    );
  }
  return parts;
}

function screenBug(random: Random, { title }: About, load: number): string[] {
  const customer = random.pick(customers);
  const lane = random.pick(lanes);
  const opening = random.pick([
    `${customer} reported this on ${lane}, load **${load}**.`,
    `Seen by support for ${customer} twice this week; load ${load} (${lane}) is the clearest case.`,
    `Found while checking load ${load} on ${lane}. ${customer} has not noticed yet.`,
    `Happens on staging and production. First seen with ${customer}, ${lane}.`,
    `Three tickets since Monday, all from ${customer}. Load ${load} shows it every time.`,
    `Came up in the call with ${customer}; I could repeat it with load ${load}.`,
  ]);
  const parts = [
    opening,
    `### Steps\n\n1. Sign in as a user of ${customer}\n2. Open load ${load}\n3. ${random.pick(stepsThree)}`,
    `**Expected:** ${random.pick(expectations)}\n\n**Actual:** ${lowerFirst(title)}.`,
  ];
  if (random.chance(0.2)) parts.push(`> ${random.pick(quotes)}\n>\n> — ${customer}`);
  return parts;
}

function libraryBug(random: Random, { title }: About, load: number): string[] {
  const version = `${2 + random.int(2)}.${random.int(9)}.${random.int(6)}`;
  const runtime = random.pick([
    "Node 24 on Linux",
    "Node 22 on macOS",
    "Python 3.13",
    "Bun 1.3",
    "Node 24 in a container",
  ]);
  const opening = random.pick([
    `Reported by an integrator, version ${version}, ${runtime}.`,
    `Our own nightly job ran into this with ${version} (${runtime}).`,
    `Version ${version}, ${runtime}. ${version.slice(0, 1)}.0.0 was fine.`,
  ]);
  return [
    opening,
    `### To reproduce\n\n\`\`\`ts\nconst client = createClient({ token, account: ${random.pick(['"sandbox"', '"production"'])} });\nconst load = await client.loads.get(${load});\n${random.pick(callLines)}\n\`\`\``,
    `**Expected:** ${random.pick(libraryExpectations)}\n\n**Actual:** ${lowerFirst(title)}.`,
  ];
}

function featureParts(random: Random, { area }: About): string[] {
  const customer = random.pick(customers);
  const thing = random.pick(area.things);
  const parts = [
    `## Why\n\n${random.pick(reasons).replace("{customer}", customer).replace("{thing}", thing)}`,
    `## What\n\n${random.pick(proposals).replace("{thing}", thing)}`,
    `- [${mark(random)}] Agree on the wording with design\n- [${mark(random)}] Behind a flag for ${customer}\n- [ ] Measure use of the ${thing} for two weeks\n- [ ] Help page and release note`,
  ];
  if (random.chance(0.3)) {
    parts.push(
      `## Options\n\n| Option | Effort | Risk |\n| --- | ---: | --- |\n| Extend the ${thing} | ${1 + random.int(4)} d | low |\n| New screen | ${5 + random.int(9)} d | medium |`,
    );
  }
  if (random.chance(0.3)) parts.push(`Sketches: <https://design.harborline.example/f/${random.uuid().slice(0, 8)}>`);
  parts.push(`**Not part of this:** ${random.pick(exclusions)}.`);
  return parts;
}

function choreParts(random: Random, { area }: About): string[] {
  const file = random.pick(fileNames);
  const parts = [random.pick(choreReasons)];
  if (random.chance(0.5)) {
    parts.push(
      `\`\`\`diff\n--- a/${area.module}/${file}.ts\n+++ b/${area.module}/${file}.ts\n-export function ${camel(file)}(input: Legacy): Result {\n+export function ${camel(file)}(input: ${random.pick(["Shipment", "Load", "Tender"])}): Result {\n\`\`\``,
    );
  }
  parts.push(
    `Done when:\n\n- [${mark(random)}] \`${area.module}/${file}.ts\` is covered\n- [ ] dashboards show no change for a day\n- [ ] the old path is deleted`,
  );
  return parts;
}

const commentOpenings: readonly string[] = [
  "I can reproduce this with the load from the description.",
  "Looked at the logs: it starts with the release of last Tuesday.",
  "Talked to {customer}, they can live with it until Friday.",
  "The cause is in `{module}/{file}.ts`, the guard runs before the data is there.",
  "Could we first do the small version and see if anybody misses the rest?",
  "Design is ready: <https://design.harborline.example/f/{id}>",
  "Pushed a branch with a failing test.",
  "Deployed to staging. @{person}, can you have a look?",
  "Not urgent in my view, {customer} found a way around it.",
  "Moved the rollout to next week because of the {lane} go-live.",
  "Numbers from the last seven days: 412 hits, 9 users, all on mobile.",
  "This overlaps with what we decided in planning; keeping both open for now.",
];

/** An issue's comment, in markdown. */
export function makeComment(random: Random, area: Area, people: readonly string[]): string {
  const opening = random
    .pick(commentOpenings)
    .replace("{customer}", random.pick(customers))
    .replace("{module}", area.module)
    .replace("{file}", random.pick(fileNames))
    .replace("{id}", random.uuid().slice(0, 8))
    .replace("{person}", random.pick(people))
    .replace("{lane}", random.pick(lanes));
  if (random.chance(0.2)) return `${opening}\n\n- [ ] check with support\n- [ ] watch the error rate after the deploy`;
  if (random.chance(0.15))
    return `${opening}\n\n\`\`\`ts\nassert.equal(${camel(random.pick(fileNames))}(load).length, 1);\n\`\`\``;
  return opening;
}

const stepsThree: readonly string[] = [
  "Change anything and save",
  "Leave the page open for ten minutes, then go back",
  "Switch to another company and back",
  "Open the same page in a second tab",
  "Reload while the request is under way",
];

const expectations: readonly string[] = [
  "what was saved is what is shown",
  "the same result as in the mobile app",
  "an error message that says what to do",
  "nothing changes until the user confirms",
  "the figures of the carrier's own statement",
];

const libraryExpectations: readonly string[] = [
  "the behaviour that the documentation describes",
  "an error with a code",
  "the same result as with curl",
  "what version 2 did",
];

const callLines: readonly string[] = [
  "for await (const event of client.events({ load })) console.log(event.type);",
  "await client.tenders.accept(load.tender, { signal });",
  'const rates = await client.rates.upload(stream, { currency: "EUR" });',
  "console.log(await client.webhooks.verify(request));",
  "await client.geofences.subscribe(load.stops, { radius: 300 });",
];

const logLines: readonly string[] = [
  "TypeError: Cannot read properties of undefined (reading 'stops')",
  "Error: deadline of 5000 ms exceeded while waiting for pricing",
  "RangeError: Invalid time value",
  'Error: duplicate key value violates unique constraint "loads_reference_key"',
  "AssertionError: expected 2 legs, got 1",
];

const fileNames: readonly string[] = [
  "load-list",
  "quote-store",
  "stop-sequence",
  "rate-table",
  "carrier-match",
  "eta-model",
];

const quotes: readonly string[] = [
  "We had to call the driver to find out where the truck was.",
  "Our warehouse printed the wrong papers for three trucks.",
  "It worked until last week, nothing changed on our side.",
  "Please call us before you change this again.",
];

const reasons: readonly string[] = [
  "{customer} asks for this in every quarterly review, and support answers about four tickets a week that the {thing} could answer.",
  "Two of the last five lost deals named it. {customer} would move 30 lanes to us with it.",
  "Dispatchers keep a spreadsheet beside the {thing} because of this. We watched three of them do it at {customer}.",
  "The {thing} is used daily by a third of all accounts, and this is the first thing new users look for.",
];

const proposals: readonly string[] = [
  "Start with the {thing}, for admins only. No new settings page.",
  "One click from the {thing}; the result is shown at once and can be undone.",
  "Add it to the {thing} and to the public API at the same time, so that integrations do not lag behind.",
  "A first version without configuration, then decide with figures.",
];

const exclusions: readonly string[] = [
  "sub-accounts",
  "the old mobile app",
  "air freight",
  "anything about prices",
  "customers on the legacy contract",
];

const choreReasons: readonly string[] = [
  "This has cost us half a day in each of the last three releases.",
  "Nobody remembers why it is there, and the tests pass without it.",
  "Needed before the next audit.",
  "Small, but everything in this area trips over it.",
  "Left over from the migration in spring.",
];

function mark(random: Random): string {
  return random.chance(0.4) ? "x" : " ";
}

function release(random: Random): string {
  return `${4 + random.int(2)}.${random.int(18)}`;
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? text.slice(0, 1).toLowerCase() + text.slice(1) : text;
}

function camel(file: string): string {
  return file.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
