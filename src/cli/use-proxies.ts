import { PanopticonError } from "../domain/error.ts";
import { findProxies } from "./proxy-variables.ts";
import { keepSecret } from "./secret-guard.ts";

/** This machine is never reached through a proxy. */
const thisMachine = "localhost,127.0.0.1,::1,[::1]";

/**
 * Sends requests to other machines through the proxies set in the environment (`HTTPS_PROXY`, `HTTP_PROXY`, except for hosts in `NO_PROXY`). Throws
 * `invalid_input` if a value is not a proxy's address.
 */
export function useProxies(env: Readonly<Record<string, string | undefined>>): void {
  const proxies = findProxies(env);
  for (const { variable, written } of proxies) checkProxy(variable, written);
  const others = env["no_proxy"] || env["NO_PROXY"];
  const named = Object.fromEntries(proxies.map(({ variable, written }) => [variable, written]));
  const noProxy = others === undefined || others === "" ? thisMachine : `${thisMachine},${others}`;
  // Importing the module would read all its exports and so load `fetch`.
  process.getBuiltinModule("node:http").setGlobalProxyFromEnv({ ...named, no_proxy: noProxy });
}

function checkProxy(variable: string, written: string): void {
  const url = URL.parse(written);
  if (url === null || !/^https?:$/.test(url.protocol) || url.hostname === "") {
    throw new PanopticonError("invalid_input", `${variable} is not the address of an HTTP proxy.`, {
      hint: "Write it as http://HOST:PORT, or remove it from the environment.",
    });
  }
  const password = decodeLogin(variable, url);
  if (password !== "") keepSecret(written, url.password, password);
}

/** Decodes a proxy's user and password. Throws `invalid_input` if that fails: Node could not decode them either. */
function decodeLogin(variable: string, { username, password }: URL): string {
  try {
    decodeURIComponent(username);
    return decodeURIComponent(password);
  } catch (error) {
    throw new PanopticonError("invalid_input", `The user or the password in ${variable} is not percent-encoded.`, {
      hint: "Write the sign % as %25 in it.",
      cause: error,
    });
  }
}

/** A proxy's address for display, without user and password. */
export function proxyOrigin(written: string): string {
  return URL.parse(written)?.origin ?? "";
}
