import type { KeptMove } from "../../store/store.ts";
import type { KeptMoveShape } from "../contract/shadow.ts";
import { toNullableTime } from "./issue-shape.ts";

export function toKeptMoveShape({ card, from, to, at }: KeptMove): KeptMoveShape {
  const { ref, address, title, tracker, project, source, shadow } = card;
  return { ref, address, title, tracker, project, source, from, to, at: toNullableTime(at), shadow: shadow !== null };
}
