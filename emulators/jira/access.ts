import type { WireRequest } from "../server/http-server.ts";
import type { Language } from "./languages.ts";
import type { Project, User } from "./records.ts";
import type { JiraState } from "./state.ts";

/** The calling account. */
export type Account = {
  readonly token: string;
  readonly user: User;
  /** The time zone of quoted times in queries. */
  readonly timeZone: string;
  /** The language of the names that ship with Jira. */
  readonly language: Language;
  readonly sees: (project: Project) => boolean;
  /** Whether it may change what it sees. */
  readonly writes: boolean;
};

/** `missing`: no credentials. `failed`: unknown credentials. `alone`: a token without its e-mail, in Cloud. */
export type Identity = Account | "missing" | "failed" | "alone";

export type Access = {
  readonly full: Account;
  readonly other: Account;
  readonly weak: Account;
  /** Cloud accepts tokens with scopes only at the gateway, others only at the site. */
  identify(request: WireRequest, way: "site" | "gateway"): Identity;
};

const languages: readonly Language[] = ["en", "de", "en"];
const timeZones = ["Europe/Berlin", "America/New_York", "Asia/Kolkata"];

export function createAccess(state: JiraState): Access {
  const [first, second, third] = state.users;
  if (!first || !second || !third) throw new Error("The seed has too few users.");
  const prefix = state.edition === "cloud" ? "ATATT3xEmulator" : "EmulatorPat";
  const account = (
    name: string,
    user: User,
    index: number,
    sees: (project: Project) => boolean,
    writes = true,
  ): Account => ({
    token: `${prefix}_${name}`,
    user,
    timeZone: timeZones[index] ?? "UTC",
    // A Data Center has the language packs its administrator installed: here none.
    language: state.edition === "cloud" ? (languages[index] ?? "en") : "en",
    sees: (project) => !project.isHidden && sees(project),
    writes,
  });
  const full = account("full", first, 0, () => true);
  const other = account("other", second, 1, () => true);
  const weak = account("weak", third, 2, (project) => project === state.projects[0], false);
  const accounts = [full, other, weak];

  function identifyCloud(header: string, way: "site" | "gateway"): Identity {
    if (!/^Basic /i.test(header)) return "alone";
    const [email, token] = splitOnce(Buffer.from(header.slice(6), "base64").toString("utf8"));
    const found = accounts.find(({ user }) => user.email === email.toLowerCase());
    const expected = way === "gateway" ? `${found?.token}_scoped` : found?.token;
    return found !== undefined && token === expected ? found : "failed";
  }

  return {
    full,
    other,
    weak,
    identify(request, way) {
      const header = request.headers["authorization"];
      if (header === undefined) return "missing";
      if (state.edition === "cloud") return identifyCloud(header, way);
      const token = /^Bearer +(.*)$/i.exec(header)?.[1];
      return accounts.find((one) => one.token === token) ?? "failed";
    },
  };
}

function splitOnce(text: string): [string, string] {
  const at = text.indexOf(":");
  return at === -1 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
