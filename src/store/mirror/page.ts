import type { MirrorStore } from "../store.ts";

/** A page as passed to `applyPage`. */
export type Page = Parameters<MirrorStore["applyPage"]>[1];
