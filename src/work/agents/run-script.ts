import { PanopticonError } from "../../domain/error.ts";

/** What an agent's process consists of. */
export type Run = {
  readonly argv: readonly string[];
  readonly cwd: string;
  /** The whole environment, except the terminal's variables, which tmux sets. */
  readonly env: Readonly<Record<string, string>>;
};

/** Variables that tmux and the script set. */
const ofTerminal = ["TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "PWD"];

/**
 * The script that tmux runs with the agent's folder as its argument. It reads folder, environment and argument list from the file `run` there, runs the agent,
 * waits, and records how it ended. It is a constant: it contains nothing of an issue, and what it reads is never executed as a command; printf's %b decodes the
 * escapes of `writtenRun`. A shell script, because any other program would start more slowly. Ctrl-C reaches the agent and does not end the script.
 */
export const runScript = `#!/bin/sh
dir=$1
{
  IFS= read -r cwd
  set --
  while IFS= read -r line; do
    case $line in *\\\\*) line=$(printf '%bx' "$line"); line=\${line%x} ;; esac
    set -- "$@" "$line"
  done
} < "$dir/run" || exit 1
case $cwd in *\\\\*) cwd=$(printf '%bx' "$cwd"); cwd=\${cwd%x} ;; esac
trap : INT QUIT
if cd -- "$cwd" 2>/dev/null; then
  for name in TERM COLORTERM TERM_PROGRAM TERM_PROGRAM_VERSION; do
    eval "value=\\\${$name-}"
    [ -z "$value" ] || set -- "$name=$value" "$@"
  done
  env -i "PWD=$cwd" "$@"
  code=$?
else
  printf '%s\\n' "The workspace $cwd is gone."
  code=1
fi
echo "$code" > "$dir/exit.tmp" && mv "$dir/exit.tmp" "$dir/exit"
exit "$code"
`;

/**
 * The content of the file `run`: the folder, the environment and the argument list, one per line. Throws `invalid_input` for a program that `env` would read as
 * a variable.
 */
export function writtenRun({ argv, cwd, env }: Run): string {
  const [program = ""] = argv;
  if (program.includes("=")) {
    throw new PanopticonError(
      "invalid_input",
      `The name of the agent's program, ${program}, contains an equals sign.`,
      {
        hint: "In agents: of config.yaml, use a symlink whose name has none.",
      },
    );
  }
  const variables = Object.entries(env)
    .filter(([name]) => !ofTerminal.includes(name))
    .map(([name, value]) => `${name}=${value}`);
  return [cwd, ...variables, ...argv].map((value) => `${escaped(value)}\n`).join("");
}

/** Escapes a value to one line, as printf's %b decodes it; drops NULs, which arguments cannot contain. */
function escaped(value: string): string {
  return value.replaceAll("\0", "").replaceAll("\\", "\\0134").replaceAll("\n", "\\0012");
}
