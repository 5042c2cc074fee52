import type { Source } from "../read-result.ts";

/** A request to `/webhooks/{tracker}` as received. Nothing in it is trusted until a secret has proved it. */
export type Delivery = {
  /** By lowercase name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The bytes that were signed. */
  readonly body: Uint8Array;
  /** Milliseconds on this machine's clock. */
  readonly receivedAt: number;
};

/** `unsigned`: without proof. `wrong`: not made with this secret. `stale`: made with it, but too long ago. */
export type Proof = "proved" | "unsigned" | "wrong" | "stale";

/** Something to read again. A hint tells where to look, never what changed: only the API tells the state of an issue. */
export type WebhookHint = {
  /** The tracker's id of the source; null if the delivery does not contain it. */
  readonly sourceId: string | null;
  /** null: the source as a whole, including its vocabulary. */
  readonly issue: { readonly nativeId: string; readonly key: string } | null;
  /** Whether its comments changed. */
  readonly comments: boolean;
  /** Whether it was reported as removed, which no list of changes would show. */
  readonly gone?: boolean;
};

export type DeliveryNews = {
  /** Shared by all retries of a delivery; null if the tracker sends none, in which case the content identifies it. */
  readonly id: string | null;
  /** Empty for a ping and for a delivery that concerns no issue. */
  readonly hints: readonly WebhookHint[];
};

/** What users enter to create a webhook by hand. */
export type WebhookForm = {
  readonly address: string;
  readonly secret: string;
  /** The connection's non-secret values by field name. */
  readonly settings: Readonly<Record<string, string>>;
  /** Keys of the mirrored sources, as in projects.yaml. */
  readonly sources: readonly string[];
};

export type WebhookReader = {
  /** Whether a delivery was made with this secret. Compares in constant time; never throws. */
  prove(delivery: Delivery, secret: string): Proof;
  /** What a proved delivery is about. Throws `invalid_input` for an unreadable body. */
  read(delivery: Delivery): DeliveryNews;
  /** Instructions for creating a webhook by hand, one sentence each. */
  steps(form: WebhookForm): readonly string[];
  /** A delivery in the tracker's format that concerns nothing, proved with this secret, to test the route. */
  ping(secret: string, now: number): { readonly headers: Readonly<Record<string, string>>; readonly body: string };
};

/** How a tracker reports changes. The code is loaded with the first delivery. */
export type WebhookDefinition = {
  /** `address`: the tracker signs nothing, so the secret is part of the URL. */
  readonly secretIn: "signature" | "address";
  /** Whether these credentials can create webhooks if they have the permissions: `TrackerConnection.webhooks`. */
  readonly byToken: boolean;
  load(): Promise<WebhookReader>;
};

/** A webhook as registered in the tracker. */
export type RegisteredWebhook = {
  readonly id: string;
  readonly url: string;
  /** false: disabled in the tracker, by a user or after failures. */
  readonly active: boolean;
};

/** Manages a source's webhooks with the connection's credentials. Throws `forbidden`, naming the missing permission. */
export type TrackerWebhooks = {
  list(source: Source, signal?: AbortSignal): Promise<readonly RegisteredWebhook[]>;
  create(source: Source, hook: { readonly url: string; readonly secret: string }, signal?: AbortSignal): Promise<void>;
  /** Sets its URL and secret, and enables it. */
  update(
    source: Source,
    id: string,
    hook: { readonly url: string; readonly secret: string },
    signal?: AbortSignal,
  ): Promise<void>;
  /** Succeeds if it is already gone. */
  remove(source: Source, id: string, signal?: AbortSignal): Promise<void>;
  /** Makes the tracker send a delivery now; absent if the tracker cannot. */
  ping?(source: Source, id: string, signal?: AbortSignal): Promise<void>;
};
