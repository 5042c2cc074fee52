/** A process's environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The user's variables that programs in a workspace get; trackers' keys are not among them. */
const common =
  /^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR|TEMP|TMP|XDG_[A-Z_]+|EDITOR|VISUAL|PAGER|COLORTERM|SSH_AUTH_SOCK|SSH_AGENT_PID|GPG_TTY|GNUPGHOME|GIT_(?:AUTHOR|COMMITTER)_(?:NAME|EMAIL)|GIT_SSH(?:_COMMAND)?|GIT_CONFIG_(?:GLOBAL|SYSTEM|NOSYSTEM)|(?:HTTP|HTTPS|NO|ALL)_PROXY|(?:http|https|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|NVM_DIR|VOLTA_HOME|CARGO_HOME|RUSTUP_HOME|GOPATH|GOROOT|JAVA_HOME|PNPM_HOME|BUN_INSTALL|PYENV_ROOT|RBENV_ROOT|ASDF_DIR|MISE_[A-Z_]+)$/;

/** The environment of programs in a workspace: an allowlist, plus the names that a profile lists. Secrets (trackers' keys) are left out even if listed. */
export function cleanEnvironment(
  env: Environment,
  { named = [], secret }: { readonly named?: readonly string[]; readonly secret: ReadonlySet<string> },
): Record<string, string> {
  const wanted = new Set(named);
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && !secret.has(entry[0]) && (wanted.has(entry[0]) || common.test(entry[0])),
    ),
  );
}
