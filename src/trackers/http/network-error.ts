import { PanopticonError } from "../../domain/error.ts";

type Wording = {
  readonly message: (host: string) => string;
  readonly hint: string;
  readonly retry: boolean;
  /** No connection was established, so nothing can have been carried out. */
  readonly notSent?: true;
};

const refused: Wording = {
  message: (host) => `${host} refuses connections.`,
  hint: "Check that the server is running, and that its address and port are correct.",
  retry: true,
  notSent: true,
};
const unknownName: Wording = {
  message: (host) => `The host name ${host} could not be resolved.`,
  hint: "Check the server's address and this machine's network.",
  retry: true,
  notSent: true,
};
const broken: Wording = {
  message: (host) => `The connection to ${host} was lost.`,
  hint: "Panopticon retries. If the problem persists, check the network and any proxy.",
  retry: true,
};
const certificate: Wording = {
  message: (host) => `This machine does not trust the certificate of ${host}.`,
  hint: "For a private certificate authority, set NODE_EXTRA_CA_CERTS to its certificate file (PEM) and restart.",
  retry: false,
  notSent: true,
};

const wordings: Readonly<Record<string, Wording>> = {
  ECONNREFUSED: refused,
  ENOTFOUND: unknownName,
  EAI_AGAIN: unknownName,
  ECONNRESET: broken,
  EPIPE: broken,
  UND_ERR_SOCKET: broken,
};

/** The error for a request that failed below HTTP, in plain words; `retry` tells whether sending it again can help. */
export function toNetworkError(
  cause: unknown,
  options: {
    readonly tracker: string;
    readonly host: string;
    readonly request: string;
    readonly mask: (text: string) => string;
  },
): { readonly error: PanopticonError; readonly retry: boolean } {
  const codes = errorCodesOf(cause);
  const isCertificate = codes.some((code) => /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ERR_TLS/.test(code));
  const known = isCertificate
    ? certificate
    : codes.map((code) => wordings[code]).find((wording) => wording !== undefined);
  const proxy = findProxy(cause, options.host);
  const wording: Wording = (proxy === null ? known : proxyUnreachable(proxy)) ?? {
    message: (host: string) => `No connection to ${host}: ${options.mask(innermostMessage(cause))}.`,
    hint: "Check the server's address and this machine's network.",
    retry: true,
  };
  const error = new PanopticonError("unreachable", wording.message(options.host), {
    tracker: options.tracker,
    hint: wording.hint,
    request: options.request,
    notSent: wording.notSent === true,
    // The cause's message may contain a secret (an invalid header repeats its value), so only the error codes are kept.
    cause: codes.length > 0 ? codes.join(", ") : undefined,
  });
  return { error, retry: wording.retry };
}

function proxyUnreachable({ proxy, isUnknown }: Proxy): Wording {
  const trouble = isUnknown ? "could not be resolved" : "refuses connections";
  return {
    message: (host) => `The proxy ${proxy}, through which ${host} is reached, ${trouble}.`,
    hint: "Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY in the environment; pan doctor shows which are used.",
    retry: true,
    notSent: true,
  };
}

type Proxy = { readonly proxy: string; readonly isUnknown: boolean };

/** The place that could not be reached, if it is not the server that was asked for: only a proxy comes before it. Null: it is the server, or something else failed. */
function findProxy(cause: unknown, host: string): Proxy | null {
  const asked = new URL(`https://${host}`);
  for (const error of errorsOf(cause)) {
    const { code, address, port, hostname } = error as Error & Partial<Record<string, unknown>>;
    if (code === "ECONNREFUSED" && typeof address === "string" && typeof port === "number") {
      const expected = asked.port === "" ? [80, 443] : [Number(asked.port)];
      return expected.includes(port) ? null : { proxy: `${address}:${port}`, isUnknown: false };
    }
    if ((code === "ENOTFOUND" || code === "EAI_AGAIN") && typeof hostname === "string") {
      return hostname === asked.hostname ? null : { proxy: hostname, isUnknown: true };
    }
  }
  return null;
}

/** The error, what it contains and what caused it. */
function errorsOf(cause: unknown, depth = 0): Error[] {
  if (!(cause instanceof Error) || depth > 4) return [];
  const inner = cause instanceof AggregateError ? cause.errors.flatMap((one) => errorsOf(one, depth + 1)) : [];
  return [cause, ...inner, ...errorsOf(cause.cause, depth + 1)];
}

function errorCodesOf(cause: unknown): string[] {
  return errorsOf(cause).flatMap((error) => ("code" in error && typeof error.code === "string" ? [error.code] : []));
}

function innermostMessage(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.cause instanceof Error ? innermostMessage(cause.cause) : cause.message;
}
