import { createMask, type Mask } from "../trackers/http/mask.ts";

/**
 * The secrets this process has met, so that nothing it says when something goes wrong repeats one: its log, warnings, the details that `DEBUG=*` adds to an
 * error, and its last words. One for the process, as these are.
 */
const met = new Set<string>();
let mask: Mask | null = null;

/** From now on these are shown by nobody. */
export function keepSecret(...secrets: readonly (string | null | undefined)[]): void {
  for (const secret of secrets) {
    if (secret == null || secret === "" || met.has(secret)) continue;
    met.add(secret);
    mask = null;
  }
}

/** A text without the secrets that were met. */
export const withoutSecrets: Mask = (text) => {
  mask ??= createMask([...met]);
  return mask(text);
};

/** The values in an environment whose names say that they are secret: for words that are spoken before the configuration was read. */
export function keepSecretsOf(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) if (/TOKEN|KEY|SECRET|PASSWORD/.test(name)) keepSecret(value);
}
