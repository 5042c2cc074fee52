import type { Command } from "commander";
import { PanopticonError } from "../../domain/error.ts";
import type { Context } from "../context.ts";
import { count } from "../printing/describe-time.ts";
import { plainLine, plainText } from "../../domain/plain-text.ts";
import type { Registration } from "../webhooks/registration.ts";
import type { Trial } from "../webhooks/try-delivery.ts";
import type { WebhookSetup } from "../webhooks/webhook-setup.ts";

type Options = {
  readonly create?: boolean;
  readonly remove?: boolean;
  readonly test?: boolean;
  readonly rotate?: boolean;
  readonly secret?: boolean;
  readonly json?: boolean;
};

const actions = ["create", "remove", "test", "rotate", "secret"] as const;

export function define(command: Command, context: Context): void {
  command
    .argument("[tracker]", "a tracker, or a connection named in config.yaml; default: all in use")
    .option("--create", "create them in the tracker, or update the secret of existing ones")
    .option("--remove", "remove them from the tracker, and accept no more deliveries")
    .option(
      "--test",
      "test the route from the public address to the server, and request a test delivery where the tracker can send one",
    )
    .option("--rotate", "create a new secret; the old one is accepted for another week")
    .option("--secret", "read the secret that the tracker created from standard input")
    .option("--json", "as JSON, secrets included")
    .action(async (name: string | undefined, options: Options) => {
      const chosen = actions.filter((action) => options[action] === true);
      if (chosen.length > 1) {
        throw new PanopticonError("invalid_input", `--${chosen.join(" and --")} cannot be combined.`, {
          hint: "Run them one after the other.",
        });
      }
      await run(context, name, options);
    });
}

async function run(context: Context, name: string | undefined, options: Options): Promise<void> {
  const { readSetups } = await import("../webhooks/webhook-setup.ts");
  if ((options.rotate === true || options.secret === true) && name === undefined) {
    throw new PanopticonError("invalid_input", "Name the tracker the secret belongs to.", {
      hint: `pan webhooks TRACKER --${options.rotate === true ? "rotate" : "secret"}`,
    });
  }
  const given = options.secret === true ? await readSecret() : undefined;
  const setups = await readSetups(context, {
    name,
    ...((options.rotate === true || given !== undefined) && {
      prepare: (connection, secrets) => void secrets.replace(connection, given),
    }),
  });
  if (options.create === true || options.remove === true) await register(context, setups, options);
  else if (options.test === true) await testAll(context, setups, options.json === true);
  else show(context, setups, options.json === true);
}

/** Reads the secret from standard input, piped or typed, without the line ending. */
async function readSecret(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write("The secret that the tracker shows, then Enter and Ctrl-D: ");
  let text = "";
  for await (const part of process.stdin) text += String(part);
  const secret = text.trim();
  if (secret !== "" && !/\s/.test(secret)) return secret;
  throw new PanopticonError("invalid_input", "That is not a secret.", { hint: "Enter only the secret, on one line." });
}

function show(context: Context, setups: readonly WebhookSetup[], json: boolean): void {
  const { out } = context;
  if (json) {
    out.json({
      webhooks: setups.map(({ definition, connection, address, secret, sources, steps }) => ({
        tracker: definition.id,
        connection: connection.id,
        address,
        secret,
        byToken: definition.webhooks.byToken,
        sources: sources.map(({ key }) => key),
        steps,
      })),
    });
    return;
  }
  for (const [index, setup] of setups.entries()) {
    const { definition, connection, address, secret, steps } = setup;
    if (index > 0) out.line();
    out.line(out.style("bold", titleOf(setup)));
    out.line(`  Address  ${plainLine(address)}`);
    if (definition.webhooks.secretIn === "signature") out.line(`  Secret   ${plainLine(secret)}`);
    if (definition.webhooks.byToken) {
      out.line(`  With the rights for it, pan webhooks ${connection.id} --create enters them. By hand:`);
    }
    for (const [step, words] of steps.entries()) out.line(`  ${step + 1}. ${plainText(words)}`);
  }
  out.note("Enter the secrets in the trackers only. Test the route with pan webhooks --test.");
}

function titleOf({ definition, connection }: WebhookSetup): string {
  return connection.id === definition.id ? definition.label : `${definition.label} (${connection.id})`;
}

async function register(context: Context, setups: readonly WebhookSetup[], options: Options): Promise<void> {
  const { out, setExitCode, paths, clock } = context;
  const { createWebhooks, removeWebhooks } = await import("../webhooks/registration.ts");
  const { createWebhookSecrets } = await import("../../config/webhook-secrets.ts");
  const results: { connection: string; registrations: readonly Registration[] }[] = [];
  for (const setup of setups) {
    // A tracker that cannot create webhooks by token is skipped, unless it is the only one.
    if (!setup.definition.webhooks.byToken && setups.length > 1) {
      out.note(
        `${setup.definition.label}: must be set up by hand. Show the steps with pan webhooks ${setup.connection.id}.`,
      );
      continue;
    }
    const registrations = options.create === true ? await createWebhooks(setup) : await removeWebhooks(setup);
    if (options.remove === true && registrations.every(({ error }) => error === null)) {
      createWebhookSecrets(paths.webhooksFile, () => clock.now()).forget(setup.connection.id);
    }
    results.push({ connection: setup.connection.id, registrations });
    if (registrations.some(({ error }) => error !== null)) setExitCode(1);
    if (options.json !== true) printRegistrations(context, setup, registrations);
  }
  if (options.json === true) {
    out.json({
      webhooks: results.flatMap(({ connection, registrations }) =>
        registrations.map(({ source, done, error }) => ({
          connection,
          source,
          done,
          problem: error === null ? null : { code: error.code, message: error.message, hint: error.hint ?? null },
        })),
      ),
    });
  }
}

function printRegistrations({ out }: Context, setup: WebhookSetup, registrations: readonly Registration[]): void {
  const { definition } = setup;
  if (registrations.length === 0) {
    out.note(`${titleOf(setup)}: none of its sources is on the board, so no webhook is needed.`);
  }
  for (const { source, done, error } of registrations) {
    if (error === null) {
      out.line(`${definition.label} ${plainLine(source)}: ${done === "none" ? "there was none" : done}`);
    } else {
      out.note(out.styleNote("red", `${definition.label} ${plainLine(source)}: ${plainText(error.message)}`));
      if (error.hint !== undefined) out.note(`  ${plainText(error.hint)}`);
    }
  }
}

async function testAll(context: Context, setups: readonly WebhookSetup[], json: boolean): Promise<void> {
  const { out, setExitCode } = context;
  const { tryDelivery } = await import("../webhooks/try-delivery.ts");
  const trials: (Trial & { readonly connection: string })[] = [];
  for (const setup of setups) {
    const trial = await tryDelivery(context, setup);
    trials.push({ connection: setup.connection.id, ...trial });
    if (!trial.arrived || trial.heard === false) setExitCode(1);
    if (!json) printTrial(context, setup, trial);
  }
  if (json) out.json({ trials });
}

function printTrial({ out }: Context, setup: WebhookSetup, trial: Trial): void {
  const title = titleOf(setup);
  if (!trial.arrived) {
    out.note(out.styleNote("red", `${title}: ${plainText(trial.problem ?? "it was not delivered.")}`));
    if (trial.hint !== null) out.note(`  ${plainText(trial.hint)}`);
    return;
  }
  out.line(`${title}: a delivery reaches this server through ${new URL(setup.address).host}`);
  if (trial.heard === true) out.line(`  and ${count(trial.asked ?? 0, "webhook")} of the tracker too`);
  else if (trial.heard === false) {
    out.note(
      `  Asked ${count(trial.asked ?? 0, "webhook")} for a delivery, but none arrived: check the tracker's own list of deliveries.`,
    );
  } else {
    out.note(
      trial.asked === 0
        ? `  The tracker has no webhook for this server. Show how to set one up with pan webhooks ${setup.connection.id}.`
        : "  The tracker cannot send a test delivery: change an issue there, then check pan trackers.",
    );
  }
}
