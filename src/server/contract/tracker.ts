import { z } from "@hono/zod-openapi";
import { linkTypes } from "../../domain/operation.ts";
import { Time } from "./issue.ts";
import { ProblemShape } from "./problem.ts";
import { WebhooksShape } from "./webhook.ts";
import { pageShape } from "./page.ts";

export const health = ["ok", "syncing", "limited", "auth", "unreachable", "misconfigured", "not_configured"] as const;

export const ProblemNote = z
  .object({ code: z.string(), message: z.string(), hint: z.string().nullable() })
  .openapi("ProblemNote");

export const TrackerShape = z
  .object({
    id: z.string().openapi({ description: "The tracker: github, linear, …" }),
    label: z.string(),
    connection: z.string(),
    /** What this tracker calls a source. */
    sourceNoun: z.object({ one: z.string(), many: z.string() }),
    sourceKeys: z
      .array(
        z.object({
          key: z.string(),
          label: z.string(),
          plural: z.string(),
          placeholder: z.string(),
          qualifier: z.string().nullable().openapi({ description: "A second key that says where the sources are" }),
        }),
      )
      .openapi({
        description:
          "The keys in projects.yaml that name this tracker's sources; the first one takes the `key` from GET /api/sources",
      }),
    server: z.string().nullable(),
    health: z.enum(health),
    account: z
      .object({
        login: z.string(),
        name: z.string(),
        scopes: z.array(z.string()).nullable(),
        missing: z.array(z.string()),
      })
      .nullable(),
    budget: z
      .object({ limit: z.number().nullable(), remaining: z.number().nullable(), resetAt: Time.nullable() })
      .nullable(),
    requests: z.number().openapi({ description: "Sent since the server started" }),
    lastSyncAt: Time.nullable(),
    nextSyncAt: Time.nullable(),
    error: ProblemNote.nullable(),
    warnings: z.array(ProblemNote).openapi({
      description:
        "Problems that do not stop the sync: a missing permission, a wrong clock, a renamed source, an override that names no state",
    }),
    progress: z.object({ done: z.number(), total: z.number().nullable() }).nullable(),
    fileHosts: z.array(z.object({ origin: z.string(), path: z.string(), login: z.boolean() })).openapi({
      description:
        "Where this tracker keeps files that GET /api/files opens; in `path`, `*` matches one segment. If `login` is true, it must be opened that way",
    }),
    webhooks: WebhooksShape,
    capabilities: z.record(z.string(), z.boolean()),
    writing: z
      .object({
        assignees: z.enum(["one", "many"]),
        relations: z.array(z.enum(linkTypes)),
        comments: z.object({
          edit: z.boolean(),
          delete: z.boolean(),
          reply: z.boolean().openapi({ description: "Comments have threads" }),
        }),
        type: z.boolean(),
        newLabels: z.boolean(),
        choices: z.boolean(),
        newStates: z.boolean(),
      })
      .openapi({ description: "What can be changed besides title, body and status, which all trackers support" }),
    credentials: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        env: z.array(z.string()),
        secret: z.boolean(),
        required: z.boolean(),
        present: z.boolean(),
        origin: z
          .string()
          .nullable()
          .openapi({ description: "Where it comes from, in words; never contains the value of a secret" }),
        stored: z.boolean().openapi({ description: "Whether it comes from ~/.panopticon.env" }),
        value: z.string().nullable().openapi({
          description: "The value in use if it is not secret, such as a server or a workspace. Null for a secret",
        }),
        key: z
          .string()
          .nullable()
          .openapi({ description: "The variable in ~/.panopticon.env that Settings writes. If null, see `locked`" }),
        locked: z
          .object({ reason: z.string(), hint: z.string() })
          .nullable()
          .openapi({ description: "Why it cannot be changed here, and how to make it changeable" }),
        help: z.string(),
        placeholder: z.string().nullable(),
        fallback: z
          .string()
          .nullable()
          .openapi({ description: "Another program that may provide it: `gh auth token`" }),
      }),
    ),
    sources: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        project: z.string(),
        issues: z.number(),
        rejected: z.number(),
        lastSyncAt: Time.nullable(),
        error: ProblemNote.nullable(),
      }),
    ),
  })
  .openapi("Tracker");

export type TrackerShape = z.infer<typeof TrackerShape>;

export const TrackersShape = z
  .object({
    trackers: z.array(TrackerShape),
    problems: z
      .array(
        z.object({
          severity: z.enum(["error", "warning"]),
          file: z.string(),
          line: z.number().nullable(),
          column: z.number().nullable(),
          message: z.string(),
          hint: z.string().nullable(),
        }),
      )
      .openapi({ description: "Problems in the configuration files" }),
    keptMoves: z.number().openapi({
      description: "How many moves stayed here although their project's shadow mode is off now: GET /api/shadow",
    }),
  })
  .openapi("Trackers");

export type TrackersShape = z.infer<typeof TrackersShape>;

/** Values by the names of `credentials`; null removes one. */
export const CredentialsInput = z
  .record(z.string(), z.string().max(10_000).nullable())
  .openapi("CredentialsInput", { example: { token: "ghp_…", server: null } });

export const SyncResultShape = z
  .object({
    changed: z.number(),
    removed: z.number(),
    requests: z.number(),
    failures: z
      .array(z.object({ source: z.string(), problem: ProblemShape }))
      .openapi({ description: "Sources that could not be synced; all others were" }),
  })
  .openapi("SyncResult");

export type SyncResultShape = z.infer<typeof SyncResultShape>;

export const SourceInfoShape = z
  .object({
    id: z.string(),
    connection: z.string(),
    key: z.string(),
    name: z.string(),
    url: z.string().nullable(),
    readable: z.boolean(),
    reason: z.string().nullable(),
    project: z.string().nullable().openapi({ description: "The project that already mirrors it" }),
  })
  .openapi("SourceInfo");

export type SourceInfoShape = z.infer<typeof SourceInfoShape>;

export const SourcesShape = z
  .object({
    sources: z.array(SourceInfoShape),
    ...pageShape,
    failures: z
      .array(z.object({ connection: z.string(), problem: ProblemShape }))
      .openapi({ description: "Connections that could not be asked; all others were" }),
  })
  .openapi("Sources");

export type SourcesShape = z.infer<typeof SourcesShape>;

/** The credentials by field name; `{}` from a signed-in browser tests the stored ones, of `connection` if given. */
export const ValidationInput = z.record(z.string(), z.unknown()).openapi("ValidationInput");

export const ValidationShape = z
  .object({
    valid: z.literal(true),
    message: z.string(),
    account: z.object({ login: z.string(), name: z.string(), scopes: z.array(z.string()).nullable() }),
    sources: z.array(z.object({ id: z.string(), key: z.string(), name: z.string() })),
  })
  .openapi("Validation");

export type ValidationShape = z.infer<typeof ValidationShape>;

export const ValidationFailureShape = z
  .object({
    valid: z.literal(false),
    error: z.string(),
    errorType: z.enum(["auth", "query", "network", "input"]),
    hint: z.string(),
    request: z.string().optional().openapi({ description: "The request that failed, with secrets masked" }),
    field: z.string().optional().openapi({ description: "The credential concerned" }),
  })
  .openapi("ValidationFailure");

export type ValidationFailureShape = z.infer<typeof ValidationFailureShape>;
