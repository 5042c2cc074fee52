import { Component, use, type ComponentType, type ReactNode } from "react";
import { isOutdated } from "../api/program.ts";

/** A component that is loaded when it is first needed; `preload` starts that earlier, on hover or focus. */
export type Loadable<P extends object> = ComponentType<P> & { readonly preload: () => void };

// What could not be loaded (the server was away) is asked for again when the user tries again.
const forgetters = new Set<() => void>();

// The bundler asks for a part's style sheet once, also where it did not come; without it the part would be drawn bare.
const missingSheets = new Set<HTMLLinkElement>();
addEventListener(
  "error",
  ({ target }) => {
    if (target instanceof HTMLLinkElement && target.rel === "stylesheet") missingSheets.add(target);
  },
  { capture: true },
);

/** Asks anew for the style sheets that did not come. Rejects when one does not come again. */
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

/** A part of the program did not come: the server is away, or has only the parts of a later program. */
class NotLoadedError extends Error {
  readonly why: "silent" | "outdated";

  constructor(why: "silent" | "outdated", options: ErrorOptions) {
    super("Couldn’t load this part of Panopticon", options);
    this.why = why;
  }
}

/** Why a part of the program could not be loaded, where that is what a boundary caught; null for other errors. */
export function notLoaded(error: Error): NotLoadedError["why"] | null {
  return error instanceof NotLoadedError ? error.why : null;
}

/** Suspends while it loads; throws into the nearest boundary when it cannot be loaded. */
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
  // What did not come ahead of its time is asked for anew once it is needed.
  const preload = () => void start().catch(() => (started = undefined));
  return Object.assign(Loaded, { preload });
}

type LoadBoundaryProps = {
  readonly children: ReactNode;
  /** `retries`: how often it was tried again. */
  readonly fallback: (error: Error, retry: () => void, retries: number) => ReactNode;
};

type State = { readonly error: Error | null; readonly retries: number };

/** Shows something else where a part of the page could not be loaded or drawn. React has this as a class only. */
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
