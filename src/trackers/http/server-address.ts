import { PanopticonError } from "../../domain/error.ts";

/**
 * Parses a server address as users write it and returns it without a trailing slash. Throws `invalid_input` for anything but an http or https URL without user,
 * query and fragment.
 */
export function parseServerAddress(
  text: string,
  options: { readonly tracker: string; readonly example: string },
): string {
  const refuse = (message: string): never => {
    throw new PanopticonError("invalid_input", message, {
      tracker: options.tracker,
      hint: `Write it as ${options.example}`,
    });
  };
  const trimmed = text.trim();
  if (trimmed === "") return refuse("The server's address is empty.");
  const url = URL.parse(trimmed);
  if (url === null || !/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) {
    return refuse("The server's address must start with https:// (or http://).");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return refuse(`The server's address starts with ${url.protocol}; only https and http are supported.`);
  }
  if (url.username !== "" || url.password !== "") {
    return refuse("The server's address contains a user name or password; enter credentials in their own field.");
  }
  if (url.search !== "" || url.hash !== "") return refuse("The server's address must not have a query or fragment.");
  return (url.origin + url.pathname).replace(/\/+$/, "");
}
