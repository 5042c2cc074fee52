import type { SourceInfo } from "../../domain/source.ts";
import type { Services } from "../services.ts";

/** A client that pages through a list requests the next page within this time. */
const keptMs = 60_000;

type Listed = { readonly config: unknown; readonly until: number; readonly sources: readonly SourceInfo[] };

/**
 * The sources that a connection's credentials can see. The first page asks the tracker; the following pages (`isNext`) use the same response, for a minute and
 * while the configuration is unchanged. Throws the tracker's errors.
 */
export function createListedSources({
  sync,
  config,
}: Pick<Services, "sync" | "config">): (
  connection: string,
  how: { readonly isNext: boolean; readonly signal: AbortSignal },
) => Promise<readonly SourceInfo[]> {
  const kept = new Map<string, Listed>();
  return async (connection, { isNext, signal }) => {
    const now = performance.now();
    for (const [id, { until }] of kept) if (until <= now) kept.delete(id);
    const present = config.current();
    const known = kept.get(connection);
    if (isNext && known?.config === present) return known.sources;
    const sources = await sync.listSources(connection, signal);
    kept.set(connection, { config: present, until: performance.now() + keptMs, sources });
    return sources;
  };
}
