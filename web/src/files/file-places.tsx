import { useQuery } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext } from "react";
import type { TrackersShape } from "../../../src/server/contract/tracker.ts";
import { trackersQuery } from "../api/queries.ts";
import { type FilePlace, placesOf } from "./file-address.ts";

const none: readonly FilePlace[] = [];
const Places = createContext(none);

const selectPlaces = ({ trackers }: TrackersShape) => placesOf(trackers);

/** Tells everything below where the trackers keep files. One place for all, since a board shows hundreds of faces. */
export function FilePlaces({ children }: { readonly children: ReactNode }) {
  const { data = none } = useQuery({ ...trackersQuery, select: selectPlaces });
  return <Places value={data}>{children}</Places>;
}

export function useFilePlaces(): readonly FilePlace[] {
  return useContext(Places);
}
