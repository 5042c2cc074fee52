import type { MirrorStore } from "../store.ts";

/** A page as the mirror takes it. */
export type Page = Parameters<MirrorStore["applyPage"]>[1];
