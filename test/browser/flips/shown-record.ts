import type { Page } from "playwright-core";

/** A value that a page showed from a moment on, in one place: `panel`, `card` or `row`; or a key or button that was pressed: `press`. */
export type ShownValue = {
  /** `Date.now()` when it was first shown. */
  readonly at: number;
  readonly place: string;
  /** The issue's ref; for the open issue what its header shows: the ref, or the address until it is loaded. */
  readonly issue: string;
  readonly field: string;
  readonly value: string;
};

declare global {
  interface Window {
    /** Installed before the page's own code. */
    shownRecord?: ShownValue[];
  }
}

/** From the next document on, records every value that the page shows of an issue's fields, after each change of the document. */
export async function recordShown(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const record: ShownValue[] = [];
    window.shownRecord = record;
    /** Titles of new issues. */
    const seen = new Set<string>();
    let last = new Map<string, string>();
    const text = (element: Element | null) => element?.textContent?.trim() ?? null;
    const texts = (root: ParentNode, selector: string) =>
      JSON.stringify([...root.querySelectorAll(selector)].map((element) => text(element)));
    const sample = () => {
      const now = new Map<string, string>();
      const note = (place: string, issue: string | null, field: string, value: string | null) => {
        if (issue !== null && value !== null) now.set(JSON.stringify([place, issue, field]), value);
      };
      const view = document.querySelector(".issue-grid:not([aria-busy])");
      if (view !== null) {
        const root = view.parentElement ?? document;
        const ref = text(document.querySelector(".issue-head .font-semibold, header.bar h1"));
        const panel = (field: string, value: string | null) => note("panel", ref, field, value);
        panel("title", text(view.querySelector(".title-button")));
        const body = view.querySelector(".issue-text:not([aria-busy]) .prose");
        if (body !== null) {
          const boxes = [...body.querySelectorAll<HTMLInputElement>("input[type=checkbox]")];
          panel("body", `${text(body)} ${boxes.map(({ checked }) => (checked ? "x" : "-")).join("")}`);
        }
        for (const button of view.querySelectorAll<HTMLElement>(".properties [data-field]"))
          panel(button.dataset["field"] ?? "", text(button.closest("dd")));
        const activity = root.querySelector("[aria-label=Activity]");
        // Until the renderer of markdown is loaded, comments show bars in place of their text; one that is edited shows a field.
        if (activity !== null && activity.querySelector(".comment :is([aria-busy=true], textarea)") === null)
          panel("comments", texts(activity, ".comment .prose"));
        const related = root.querySelector("[aria-label='Related issues']");
        if (related !== null) panel("relations", texts(related, ".relation-row"));
      }
      for (const card of document.querySelectorAll<HTMLElement>(".column .card[data-ref]")) {
        const ref = card.dataset["ref"] ?? "";
        const column = card.closest<HTMLElement>(".column");
        const status = column?.dataset["status"] ?? null;
        const had = now.get(JSON.stringify(["card", ref, "status"]));
        note("card", ref, "status", had === undefined ? status : `${had} ${status}`);
        note("card", ref, "title", text(card.querySelector(".card-title")));
        note(
          "card",
          ref,
          "labels",
          texts(card, ".chip:not([data-native])") + text(card.querySelector(".card-tags .card-more[title]")),
        );
        note("card", ref, "priority", card.querySelector("use[href*='#p-']")?.getAttribute("href") ?? null);
        const others = [...(column?.querySelectorAll<HTMLElement>(".card[data-ref]") ?? [])];
        note(
          "card",
          ref,
          "before",
          others
            .slice(others.indexOf(card) + 1)
            .map((other) => other.dataset["ref"])
            .join(" "),
        );
      }
      const cards = [...document.querySelectorAll(".column .card-title")].map((title) => text(title) ?? "");
      for (const title of cards) {
        const [made] = /^Made w\d+x/.exec(title) ?? [];
        if (made !== undefined) seen.add(made);
      }
      if (cards.length > 0)
        for (const made of seen)
          note("board", made, "there", String(cards.filter((title) => title.startsWith(made)).length));
      for (const row of document.querySelectorAll<HTMLElement>(".list-row")) {
        const link = row.querySelector<HTMLElement>(".row-link");
        const ref = link?.dataset["ref"] ?? null;
        note("row", ref, "title", text(link));
        note("row", ref, "status", text(row.querySelector(".list-status .truncate")));
      }
      for (const [key, value] of now) {
        if (last.get(key) === value) continue;
        const [place = "", issue = "", field = ""] = JSON.parse(key) as string[];
        record.push({ at: Date.now(), place, issue, field, value });
      }
      last = now;
    };
    for (const type of ["keydown", "pointerup"])
      addEventListener(
        type,
        () => record.push({ at: Date.now(), place: "press", issue: "", field: "", value: type }),
        true,
      );
    new MutationObserver(sample).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  });
}

/** Takes what was recorded since the last call. */
export function takeShown(page: Page): Promise<ShownValue[]> {
  return page.evaluate(() => window.shownRecord?.splice(0) ?? []);
}
