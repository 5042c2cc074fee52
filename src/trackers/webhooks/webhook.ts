import type { Source } from "../read-result.ts";

/** A request at `/webhooks/{tracker}`, as it came. Nothing in it is believed before a secret proved it. */
export type Delivery = {
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The bytes as they were signed. */
  readonly body: Uint8Array;
  /** Milliseconds on this machine's clock. */
  readonly receivedAt: number;
};

/** `unsigned`: it carries no proof. `wrong`: not made with this secret. `stale`: made with it, too long ago to be a delivery of now. */
export type Proof = "proved" | "unsigned" | "wrong" | "stale";

/** Something to look at again. A hint says where, never what: the API alone tells what an issue is like. */
export type WebhookHint = {
  /** The tracker's id of the source; null where the delivery does not say. */
  readonly sourceId: string | null;
  /** null: the source as a whole, its words included. */
  readonly issue: { readonly nativeId: string; readonly key: string } | null;
  /** Its comments changed. */
  readonly comments: boolean;
  /** It is said to have left: no list of changes would show that. */
  readonly gone?: boolean;
};

export type DeliveryNews = {
  /** What repeats of the same delivery share; null where the tracker gives none: the content is taken then. */
  readonly id: string | null;
  /** Empty for what concerns no issue, and for a ping. */
  readonly hints: readonly WebhookHint[];
};

/** What people enter where a webhook is made by hand. */
export type WebhookForm = {
  readonly address: string;
  readonly secret: string;
  /** The connection's values by field name, secrets left out. */
  readonly settings: Readonly<Record<string, string>>;
  /** Keys of the sources that are mirrored, as projects.yaml has them. */
  readonly sources: readonly string[];
};

export type WebhookReader = {
  /** Whether a delivery was made by who has this secret. Compares in constant time; never throws. */
  prove(delivery: Delivery, secret: string): Proof;
  /** What a proved delivery is about. Throws `invalid_input` for a body that cannot be read. */
  read(delivery: Delivery): DeliveryNews;
  /** How to enter a webhook by hand, a sentence each. */
  steps(form: WebhookForm): readonly string[];
  /** A delivery as the tracker would send it that concerns nothing, proved with this secret: for trying the way. */
  ping(secret: string, now: number): { readonly headers: Readonly<Record<string, string>>; readonly body: string };
};

/** How a tracker tells of changes. The code is loaded with the first delivery. */
export type WebhookDefinition = {
  /** `address`: it signs nothing; the secret is part of the address. */
  readonly secretIn: "signature" | "address";
  /** Whether these credentials can make webhooks, given the rights: `TrackerConnection.webhooks`. */
  readonly byToken: boolean;
  load(): Promise<WebhookReader>;
};

/** A webhook as the tracker has it. */
export type RegisteredWebhook = {
  readonly id: string;
  readonly url: string;
  /** The tracker sends to it; false: switched off there, by somebody or after failures. */
  readonly active: boolean;
};

/** Webhooks of one source, kept with the connection's credentials. Throws `forbidden` with the right that is missing. */
export type TrackerWebhooks = {
  list(source: Source, signal?: AbortSignal): Promise<readonly RegisteredWebhook[]>;
  create(source: Source, hook: { readonly url: string; readonly secret: string }, signal?: AbortSignal): Promise<void>;
  /** Gives it this address and secret, and switches it on. */
  update(
    source: Source,
    id: string,
    hook: { readonly url: string; readonly secret: string },
    signal?: AbortSignal,
  ): Promise<void>;
  /** One that is gone already counts as removed. */
  remove(source: Source, id: string, signal?: AbortSignal): Promise<void>;
  /** Has the tracker send something to it now; absent where it cannot be asked to. */
  ping?(source: Source, id: string, signal?: AbortSignal): Promise<void>;
};
