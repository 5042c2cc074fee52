import { lazy, type ComponentType, type LazyExoticComponent } from "react";

/** A component that is loaded when it is first needed; `preload` starts that earlier, on hover or focus. */
export type Loadable<P extends object> = LazyExoticComponent<ComponentType<P>> & { readonly preload: () => void };

export function loadable<P extends object>(load: () => Promise<ComponentType<P>>): Loadable<P> {
  let started: Promise<{ default: ComponentType<P> }> | undefined;
  const start = () => {
    started ??= load().then(
      (component) => ({ default: component }),
      (error: unknown) => {
        // The next attempt asks again: the server may have been restarted meanwhile.
        started = undefined;
        throw error;
      },
    );
    return started;
  };
  const preload = () => {
    start().catch(() => undefined);
  };
  return Object.assign(lazy(start), { preload });
}
