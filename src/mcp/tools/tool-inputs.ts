import { z } from "zod";

/** Inputs that several tools share. */
export const ref = z.string().min(1).max(1_000);

export const optionalRef = ref.optional().describe("The issue; without it, the one you are working on");

export const names = z.array(z.string().min(1).max(500)).max(100);

/** The tracker's own fields by id. */
export const ownFields = z
  .record(z.string(), z.unknown())
  .optional()
  .describe("The tracker's own fields by id, if an earlier result asked for them");

export const text = z.string().max(200_000);
