import type { Page } from "playwright-core";

/** What a page shows, read from its elements. */
export type Shown = {
  readonly path: string;
  readonly search: string;
  readonly columns: readonly {
    status: string;
    count: string;
    cards: { ref: string; title: string; sync: string }[];
  }[];
  readonly rows: readonly { ref: string; title: string }[];
  readonly panel: null | {
    title: string | null;
    properties: Record<string, string>;
    comments: number;
  };
  readonly busy: readonly string[];
  readonly overlays: {
    scrims: number;
    popups: number;
    dialogs: number;
    menus: number;
    inert: number;
    hidden: number;
    lock: string;
  };
  /** All text of the page except overlays. */
  readonly text: string;
};

/** Reads what a page shows now. */
export function readShown(page: Page): Promise<Shown> {
  return page.evaluate(() => {
    const all = <E extends Element = HTMLElement>(selector: string, root: ParentNode = document) => [
      ...root.querySelectorAll<E>(selector),
    ];
    const text = (selector: string, root: ParentNode = document) => root.querySelector(selector)?.textContent ?? null;
    const view = document.querySelector(".issue-grid");
    const properties: Record<string, string> = {};
    if (view !== null) {
      for (const property of all(".property", view)) {
        const name = property.querySelector("dt")?.textContent ?? "";
        properties[name] = property.querySelector("dd")?.textContent ?? "";
      }
    }
    return {
      path: location.pathname,
      search: location.search,
      columns: all(".column[data-status]").map((column) => ({
        status: column.dataset["status"] ?? "",
        count: text(".column-count", column) ?? "",
        cards: all(".card[data-ref]", column).map((card) => ({
          ref: card.dataset["ref"] ?? "",
          title: text(".card-title", card) ?? "",
          sync: card.closest<HTMLElement>(".card-box")?.dataset["sync"] ?? "",
        })),
      })),
      rows: all(".list-row .row-link").map((row) => ({ ref: row.dataset["ref"] ?? "", title: row.textContent ?? "" })),
      panel:
        view === null
          ? null
          : {
              title: text("h2.issue-title", view) ?? text(".issue-title h2", view),
              properties,
              comments: all(".comment").length,
            },
      busy: [
        ...all("[aria-busy=true]").map(({ className }) => className),
        ...all(".spinning").map(({ parentElement }) => `spinning: ${parentElement?.textContent?.slice(0, 60)}`),
      ],
      overlays: {
        scrims: all(".scrim").length,
        popups: all(".dialog, .issue-panel").length,
        dialogs: all("[role=dialog]").length,
        menus: all("[role=menu]").length,
        inert: all("[inert], [data-base-ui-inert]").length,
        hidden: all("#root[aria-hidden], #root > [aria-hidden=true]").length,
        lock: `${document.documentElement.getAttribute("style") ?? ""}|${document.body.getAttribute("style") ?? ""}|${document.documentElement.hasAttribute("data-base-ui-scroll-locked")}`,
      },
      text: text("main") ?? "",
    };
  });
}
