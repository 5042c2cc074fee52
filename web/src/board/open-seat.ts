import { useState } from "react";
import { cardKey, findCard, placeOf, type BoardData } from "./data/board-data.ts";

/** An open issue's place in its column. A change that moves the issue leaves the seat where it was, so that “next” still leads to the issue that came after it there. */
export type Seat = {
  readonly address: string;
  readonly key: string;
  readonly group: string;
  /** Keys of the cards before and after it, in column order. */
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** The board this was read from. */
  readonly board: BoardData;
};

/** The seat of the issue with this address; the previous seat if the issue has no card, for example one reached by a link. */
export function seatOf(board: BoardData, address: string, last: Seat | null): Seat | null {
  if (last !== null && last.board === board && last.address === address) return last;
  const card = findCard(board, address);
  const key = card === undefined ? undefined : cardKey(card);
  const place = key === undefined ? null : placeOf(board, key);
  if (key === undefined || place === null) return last;
  const keys = (board.columns.find(({ group }) => group === place.group)?.issues ?? []).map(cardKey);
  const { group, index } = place;
  const now: Seat = { address, key, group, before: keys.slice(0, index), after: keys.slice(index + 1), board };
  if (last?.address !== address) return now;
  return last.group === group && (now.before.at(-1) === last.before.at(-1) || now.after[0] === last.after[0])
    ? now
    : last;
}

/** The addresses of the current previous and next issue of a seat. */
export function besideSeat(
  board: BoardData,
  { group, before, after }: Seat,
): { previous: string | undefined; next: string | undefined } {
  const issues = board.columns.find((column) => column.group === group)?.issues ?? [];
  const there = new Map(issues.map((issue) => [cardKey(issue), issue.address]));
  const next = after.find((key) => there.has(key));
  const previous = before.findLast((key) => there.has(key));
  return {
    previous: previous === undefined ? undefined : there.get(previous),
    next: next === undefined ? undefined : there.get(next),
  };
}

/**
 * The card to focus when the issue with this address is closed: its own; the one that took its place if it moved away or out of sight; or, if it has no card,
 * the one the user came from.
 */
export function cardAfter(
  board: BoardData,
  address: string,
  seat: Seat | null,
  isSeen: (key: string) => boolean,
): string | undefined {
  const card = findCard(board, address);
  const key = card === undefined ? undefined : cardKey(card);
  if (key !== undefined && (seat?.address !== address || isSeen(key))) return key;
  if (seat === null) return undefined;
  if (seat.address !== address && placeOf(board, seat.key) !== null) return seat.key;
  const kept = seatOf(board, address, seat);
  if (key !== undefined && kept !== null && kept.board === board) return key;
  const { next, previous } = besideSeat(board, seat);
  const heir = next ?? previous;
  const found =
    heir === undefined ? board.columns.find(({ issues }) => issues.length > 0)?.issues[0] : findCard(board, heir);
  return found === undefined ? key : cardKey(found);
}

/** The seat of the open issue, kept after the issue is closed. */
export function useSeat(board: BoardData | undefined, address: string | null): Seat | null {
  const [seat, setSeat] = useState<Seat | null>(null);
  const now = board === undefined || address === null ? seat : seatOf(board, address, seat);
  if (now !== seat) setSeat(now);
  return now;
}
