import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { eventually } from "../support/stage.ts";

/** Records its start, and follows instructions from a file named after its issue. */
const agentScript = `#!/bin/sh
ref=$(printf %s "$PANOPTICON_REF" | tr -c 'A-Za-z0-9' _)
echo "$ref $$" >> "$1/starts"
while :; do
  if [ -f "$1/$ref" ]; then
    told=$(cat "$1/$ref")
    rm "$1/$ref"
    case $told in
      commit) echo x > note.txt; git add note.txt; git commit -qm Note; git push -q origin HEAD; exit 0 ;;
      *) exit "$told" ;;
    esac
  fi
  sleep 0.05
done
`;

/** Agents that follow a test's instructions, with a record of their starts. */
export type ToldAgents = {
  /** For `agents:` of config.yaml. */
  readonly command: readonly string[];
  /** `commit`: hand something in and exit successfully; a number: exit with that code. */
  tell(ref: string, what: string): void;
  /** The pids of all started agents, or of those on one issue. */
  startsOf(ref?: string): readonly number[];
  /** The pid of the running agent on an issue, once there is one. */
  untilStarted(ref: string): Promise<number>;
  /** Ends the remaining agents. */
  close(): void;
};

export function makeToldAgents(folder: string): ToldAgents {
  const control = join(folder, "control");
  mkdirSync(control);
  const program = join(folder, "agent.sh");
  writeFileSync(program, agentScript);
  chmodSync(program, 0o755);
  const nameOf = (ref: string) => ref.replaceAll(/[^A-Za-z0-9]/g, "_");

  function startsOf(ref?: string): readonly number[] {
    if (!existsSync(join(control, "starts"))) return [];
    const lines = readFileSync(join(control, "starts"), "utf8").trim().split("\n");
    return lines.flatMap((line) => {
      const [name, pid] = line.split(" ");
      return ref === undefined || name === nameOf(ref) ? [Number(pid)] : [];
    });
  }

  return {
    command: [program, control, "{promptFile}"],
    tell: (ref, what) => writeFileSync(join(control, nameOf(ref)), what),
    startsOf,
    untilStarted: (ref) =>
      eventually(() => startsOf(ref).filter(isAlive)[0], `${ref} has an agent that lives`, {
        describe: () => startsOf(ref),
      }),
    close() {
      for (const pid of startsOf()) if (isAlive(pid)) process.kill(pid);
    },
  };
}

/** Zombies count as dead. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
