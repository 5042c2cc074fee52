import { useEffect, useRef } from "react";
import { isolate } from "./isolate.ts";

type Shown = { text: string | null };

/** The titles of what is mounted; the last one wins: an open issue's title replaces the board's until it is closed. */
const shown: Shown[] = [];

/** How many agents wait for the user; in front of every title, so that a tab in the background shows it. */
let waiting = 0;

export function countInTitle(count: number): void {
  waiting = count;
  nameWindow();
}

/** Sets the window's title while mounted. Null: leave it to what is below. */
export function useTitle(text: string | null): void {
  const own = useRef<Shown>({ text: null });
  useEffect(() => {
    const entry = own.current;
    shown.push(entry);
    return () => {
      shown.splice(shown.indexOf(entry), 1);
      nameWindow();
    };
  }, []);
  useEffect(() => {
    own.current.text = text;
    nameWindow();
  }, [text]);
}

function nameWindow(): void {
  const top = shown.findLast((entry) => entry.text !== null);
  const name = top === undefined ? "Panopticon" : `${isolate(top.text ?? "")} · Panopticon`;
  document.title = waiting === 0 ? name : `(${waiting}) ${name}`;
}
