import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Emulator } from "../../../emulators/emulator.ts";
import type { Emulators } from "../../../emulators/start.ts";
import type { Environment } from "../../config/paths.ts";
import { isPanopticonError } from "../../domain/error.ts";
import { createGit, type Git } from "../../work/git/git.ts";

/** The content of a made-up repository: enough to look at and to change. */
const files: Readonly<Record<string, string>> = {
  "README.md": "# NAME\n\nPart of a made-up company's software. Agents of the demo work here.\n",
  "src/rates.ts":
    '/** Rates by lane, in cents. */\nexport const rates = new Map<string, number>([\n  ["HAM-RTM", 18_400],\n  ["RTM-ANR", 9_200],\n]);\n',
  "src/bookings.ts":
    'import { rates } from "./rates.ts";\n\nexport type Booking = { readonly lane: string; readonly pallets: number };\n\n/** What a booking costs, in cents. */\nexport function priceOf({ lane, pallets }: Booking): number {\n  return (rates.get(lane) ?? 0) * pallets;\n}\n',
  ".gitignore": "node_modules/\n",
};

/**
 * Creates a repository for each project of the demo, with its code host's emulator as the remote: `git push` goes to a bare repository next to it, from which
 * the emulator takes its branches. Removes what earlier agents left behind. Returns the checkouts by the projects' index; empty without git.
 */
export async function makeDemoCode(home: string, emulators: Emulators, env: Environment): Promise<readonly string[]> {
  const root = join(home, "code");
  for (const folder of ["code", "workspaces", "work"]) rmSync(join(home, folder), { recursive: true, force: true });
  const keepers = Object.values(emulators).filter(({ world }) => world.keepCode !== undefined);
  const most = Math.max(0, ...Object.values(emulators).map(({ sources }) => sources.length));
  const git = createGit(env);
  try {
    return await Promise.all(
      Array.from({ length: keepers.length === 0 ? 0 : most }, (_, place) => {
        const keeper = keepers.find((_keeper, index) => index === place % keepers.length);
        return keeper === undefined ? Promise.resolve("") : makeCode(git, root, keeper, place);
      }),
    );
  } catch (error) {
    // The rest of the demo works without git.
    if (isPanopticonError(error) && error.code === "not_found") return [];
    throw error;
  }
}

async function makeCode(git: Git, root: string, { url, sources, world }: Emulator, place: number): Promise<string> {
  const key = sources[place]?.key;
  if (key === undefined) return "";
  const name = key.split("/").at(-1) ?? key;
  const [checkout, bare] = [join(root, name), join(root, "remotes", `${name}.git`)];
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(checkout, file)), { recursive: true });
    writeFileSync(join(checkout, file), text.replace("NAME", name));
  }
  await git.run(checkout, ["init", "--quiet", "--initial-branch=main"]);
  await git.run(checkout, ["config", "user.name", "Demo"]);
  await git.run(checkout, ["config", "user.email", "demo@example.test"]);
  await git.run(checkout, ["add", "--all"]);
  await git.run(checkout, ["commit", "--quiet", "--no-verify", "--no-gpg-sign", "-m", "Begin"]);
  await git.run(checkout, ["config", "commit.gpgSign", "false"]);
  await git.run(root, ["clone", "--quiet", "--bare", checkout, bare]);
  const address = `${url}/${key}.git`;
  await git.run(checkout, ["config", `url.${bare}.insteadOf`, address]);
  await git.run(checkout, ["remote", "add", "origin", address]);
  await git.run(checkout, ["fetch", "--quiet", "origin"]);
  world.keepCode?.(key, bare);
  return checkout;
}
