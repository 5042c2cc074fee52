/* oxlint-disable jsx-a11y/prefer-tag-over-role -- initials in place of a picture */
import { useState } from "react";
import { fileAddress } from "../files/file-address.ts";
import { useFilePlaces } from "../files/file-places.tsx";
import type { PersonShape } from "./person.ts";
import { Icon } from "./icon.tsx";

/** Two letters: the first of the first and last word, or the first two of a single word. */
function initialsOf(person: PersonShape): string {
  const words = (person.name || person.login).split(/[\s._-]+/).filter((word) => word !== "");
  const first = words[0] ?? "?";
  const last = words.length > 1 ? words.at(-1) : undefined;
  const both = last === undefined ? letters(first, 2) : letters(first, 1) + letters(last, 1);
  return both.toUpperCase();
}

function letters(word: string, count: number): string {
  return Array.from(word).slice(0, count).join("");
}

/** Initials, covered by the picture once it loads. */
export function Avatar({ person, me = false }: { readonly person: PersonShape | null; readonly me?: boolean }) {
  const [failed, setFailed] = useState(false);
  const places = useFilePlaces();
  if (person === null) {
    return (
      <span className="avatar" data-none title="Unassigned" role="img" aria-label="Unassigned">
        <Icon name="user" size={12} />
      </span>
    );
  }
  const picture = person.avatarUrl === null || failed ? null : fileAddress(person.avatarUrl, places);
  const name = me ? `${person.name || person.login} (you)` : person.name || person.login;
  return (
    <span className="avatar" data-me={me || undefined} title={name} role="img" aria-label={name}>
      {initialsOf(person)}
      {picture !== null && (
        <img
          src={picture}
          alt=""
          loading="lazy"
          decoding="async"
          referrerPolicy="no-referrer"
          onError={() => setFailed(true)}
        />
      )}
    </span>
  );
}
