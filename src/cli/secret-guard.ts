import { createMask, type Mask } from "../trackers/http/mask.ts";

/**
 * The secrets this process has seen, to be masked in everything it reports: logs, warnings, the details that `DEBUG=*` adds to an error, and uncaught errors.
 * Global, because those are too.
 */
const met = new Set<string>();
let mask: Mask | null = null;

/** Masks these values from now on. */
export function keepSecret(...secrets: readonly (string | null | undefined)[]): void {
  for (const secret of secrets) {
    if (secret == null || secret === "" || met.has(secret)) continue;
    met.add(secret);
    mask = null;
  }
}

/** Masks known secrets in a text. */
export const withoutSecrets: Mask = (text) => {
  mask ??= createMask([...met]);
  return mask(text);
};

/** Masks the environment variables whose names suggest a secret, for output before the configuration is read. */
export function keepSecretsOf(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) if (/TOKEN|KEY|SECRET|PASSWORD/.test(name)) keepSecret(value);
}
