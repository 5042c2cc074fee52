import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext } from "react";
import type { TrackersShape } from "../../../src/server/contract/tracker.ts";
import { trackersQuery } from "../api/queries.ts";
import { type FilePlace, placesOf } from "./file-address.ts";

const none: readonly FilePlace[] = [];
const Places = createContext(none);

const selectPlaces = ({ trackers }: TrackersShape) => placesOf(trackers);

/** Provides the trackers' file places. A context, because a board renders hundreds of avatars. */
export function FilePlaces({ children }: { readonly children: ReactNode }) {
  const { data = none } = useQuery({ ...trackersQuery, select: selectPlaces });
  return <Places value={data}>{children}</Places>;
}

export function useFilePlaces(): readonly FilePlace[] {
  return useContext(Places);
}
