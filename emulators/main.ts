import { parseArgs } from "node:util";
import { emulatedTrackers, startEmulators } from "./start.ts";

const usage =
  "npm run emulators -- [--only github,linear] [--variant jira=data-center] [--issues 10000] [--seed 7] [--port 4100] [--budget 5000] [--json]";

type Settings = {
  readonly only: readonly string[];
  /** By tracker. */
  readonly variants: Readonly<Record<string, string>>;
  readonly issues: number;
  readonly seed: number;
  readonly port: number;
  readonly budget: number | undefined;
};

/** Exits with status 2 for wrong usage. */
function refuse(message: string): never {
  console.error(`${message}\nUsage: ${usage}`);
  process.exit(2);
}

function readSettings(): Settings {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: "string" },
        variant: { type: "string", multiple: true, default: [] },
        issues: { type: "string", default: "200" },
        seed: { type: "string", default: "7" },
        port: { type: "string", default: "4100" },
        budget: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help === true) {
      console.log(`Usage: ${usage}`);
      process.exit(0);
    }
    const only = values.only === undefined ? emulatedTrackers : values.only.split(",").map((name) => name.trim());
    const unknown = only.find((name) => !emulatedTrackers.includes(name));
    if (unknown !== undefined)
      refuse(`There is no emulator for "${unknown}"; there are ${emulatedTrackers.join(", ")}.`);
    return {
      only,
      variants: Object.fromEntries(values.variant.map((text) => readVariant(text, only))),
      issues: readNumber("--issues", values.issues, 1, 1_000_000),
      seed: readNumber("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER),
      port: readNumber("--port", values.port, 0, 65_535),
      budget: values.budget === undefined ? undefined : readNumber("--budget", values.budget, 1, 1_000_000_000),
    };
  } catch (error) {
    refuse(error instanceof Error ? error.message : String(error));
  }
}

/** Parses `jira=data-center`, for a tracker that is started. */
function readVariant(text: string, only: readonly string[]): readonly [tracker: string, variant: string] {
  const [, tracker = "", variant = ""] = /^(\w+)=(\S+)$/.exec(text) ?? [];
  if (!only.includes(tracker)) refuse(`--variant takes a tracker that is started and its edition, not "${text}".`);
  return [tracker, variant];
}

function readNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text === "" || !Number.isInteger(value) || value < least || value > most) {
    refuse(`${flag} takes a whole number from ${least} to ${most}, not "${text}".`);
  }
  return value;
}

const { only, variants, issues, seed, port, budget } = readSettings();
const running = await startEmulators({
  only,
  variants,
  issues,
  seed,
  // With port 0, every emulator gets a free one.
  ...(port === 0 ? {} : { port }),
  ...(budget === undefined ? {} : { budget }),
}).catch((error: unknown) => {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  console.error(
    code === "EADDRINUSE"
      ? `Port ${port} or one of the next is in use. Choose another with --port, or --port 0 for free ones.`
      : error instanceof Error
        ? error.message
        : error,
  );
  process.exit(1);
});

// Before printing, because the reader of the summary may end the program at once.
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    void running.close().then(() => process.exit(0));
  });
}

const summary = Object.fromEntries(
  Object.values(running.emulators).map(({ tracker, url, credentials, sources, control }) => [
    tracker,
    { url, credentials, sources, control },
  ]),
);
console.log(JSON.stringify(summary, null, 2));
