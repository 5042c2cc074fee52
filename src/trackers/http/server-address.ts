import { PanopticonError } from "../../domain/error.ts";

/**
 * Reads a server's address as users write it; gives it without a slash at the end. Throws `invalid_input` for anything but an
 * http or https address without user, query and fragment.
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
    return refuse("The server's address is no web address: it has to begin with https:// (or http://).");
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return refuse(`The server's address begins with ${url.protocol}; only https and http are spoken.`);
  }
  if (url.username !== "" || url.password !== "") {
    return refuse("The server's address holds a user name or password; credentials have their own field.");
  }
  if (url.search !== "" || url.hash !== "") return refuse("The server's address has a query or fragment.");
  return (url.origin + url.pathname).replace(/\/+$/, "");
}
