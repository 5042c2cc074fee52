import { Component, use, type ComponentType, type ReactNode } from "react";
import { isOutdated } from "../api/program.ts";

/** A component loaded on first use; `preload` starts earlier, on hover or focus. */
export type Loadable<P extends object> = ComponentType<P> & { readonly preload: () => void };

// Resets failed loads (the server was down), so that a retry loads again.
const forgetters = new Set<() => void>();

// The bundler requests a chunk's style sheet only once, even if it failed; without it the component would be unstyled.
const missingSheets = new Set<HTMLLinkElement>();
addEventListener(
  "error",
  ({ target }) => {
    if (target instanceof HTMLLinkElement && target.rel === "stylesheet") missingSheets.add(target);
  },
  { capture: true },
);

/** Requests failed style sheets again. Rejects if one fails again. */
async function loadMissingSheets(): Promise<void> {
  const missing = [...missingSheets];
  missingSheets.clear();
  await Promise.all(
    missing.map(
      (link) =>
        new Promise((resolve, reject) => {
          const again = document.createElement("link");
          again.rel = link.rel;
          again.addEventListener("load", resolve, { once: true });
          again.addEventListener("error", reject, { once: true });
          again.crossOrigin = link.crossOrigin;
          again.href = link.href;
          link.replaceWith(again);
        }),
    ),
  );
}

/** A chunk failed to load: the server is down, or has only the chunks of a newer build. */
class NotLoadedError extends Error {
  readonly why: "silent" | "outdated";

  constructor(why: "silent" | "outdated", options: ErrorOptions) {
    super("Couldn’t load this part of Panopticon", options);
    this.why = why;
  }
}

/** Why a chunk failed to load, for an error caught by a boundary; null for other errors. */
export function notLoaded(error: Error): NotLoadedError["why"] | null {
  return error instanceof NotLoadedError ? error.why : null;
}

/** Suspends while loading; throws to the nearest boundary if loading fails. */
export function loadable<P extends object>(load: () => Promise<ComponentType<P>>): Loadable<P> {
  let started: Promise<ComponentType<P>> | undefined;
  const start = () => {
    if (started === undefined) {
      const promise = loadMissingSheets()
        .then(load)
        .catch(async (cause: unknown) => {
          throw new NotLoadedError((await isOutdated()) ? "outdated" : "silent", { cause });
        });
      started = promise;
      promise.catch(() => forgetters.add(() => (started = undefined)));
    }
    return started;
  };
  function Loaded(props: P) {
    const Content = use(start());
    return <Content {...props} />;
  }
  // A failed preload is retried when the component is needed.
  const preload = () => void start().catch(() => (started = undefined));
  return Object.assign(Loaded, { preload });
}

type LoadBoundaryProps = {
  readonly children: ReactNode;
  /** `retries`: the number of retries so far. */
  readonly fallback: (error: Error, retry: () => void, retries: number) => ReactNode;
};

type State = { readonly error: Error | null; readonly retries: number };

/** Error boundary for parts that fail to load or render. A class, because React offers no hook for it. */
export class LoadBoundary extends Component<LoadBoundaryProps, State> {
  override state: State = { error: null, retries: 0 };

  static getDerivedStateFromError(error: Error): Pick<State, "error"> {
    return { error };
  }

  readonly retry = (): void => {
    for (const forget of forgetters) forget();
    forgetters.clear();
    this.setState(({ retries }) => ({ error: null, retries: retries + 1 }));
  };

  override render(): ReactNode {
    const { error, retries } = this.state;
    return error === null ? this.props.children : this.props.fallback(error, this.retry, retries);
  }
}
