import { createHash } from "node:crypto";
import { plainLine } from "../../domain/plain-text.ts";

const longest = 60;

/**
 * Derives a name for a folder or a session from any text: lowercase letters, digits, dots, hyphens and underscores. If that changes anything, a hash of the
 * original is appended, so that two texts never share a name.
 */
export function safeName(text: string): string {
  const name = text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/^[-._]+|[-._]+$/g, "")
    .slice(0, longest)
    .replace(/[-._]+$/, "");
  if (name === text && name !== "") return name;
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return name === "" ? hash : `${name}-${hash}`;
}

/** A short part of a title for people to recognize: `Fix the login` → `fix-the-login`; of escape sequences nothing is left. Empty for a title without letters. */
export function slugOf(title: string, most = 40): string {
  const words = plainLine(title)
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  let slug = "";
  for (const word of words) {
    const next = slug === "" ? word.slice(0, most) : `${slug}-${word}`;
    if (next.length > most) break;
    slug = next;
  }
  return slug;
}
