import type { Page } from "playwright-core";

/**
 * False statements of a page to screen readers, as sentences: references to missing elements, duplicate ids, expanded controls without their content, invalid
 * fields without a reason.
 */
export function findFalseStates(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const problems: string[] = [];
    const say = (element: Element, words: string) => {
      const own = element.cloneNode(false) as Element;
      problems.push(`${words}: ${own.outerHTML.slice(0, 200)}`);
    };
    const isShown = (element: Element) => element.checkVisibility();
    const ids = new Set<string>();
    for (const element of document.querySelectorAll("[id]")) {
      if (ids.has(element.id)) say(element, "there is another one of this id");
      ids.add(element.id);
    }
    const named = (element: Element, attribute: string) =>
      (element.getAttribute(attribute) ?? "").split(/\s+/).filter((id) => id !== "");
    for (const attribute of ["aria-labelledby", "aria-describedby", "aria-activedescendant", "aria-errormessage"]) {
      for (const element of document.querySelectorAll(`[${attribute}]`)) {
        if (!isShown(element)) continue;
        for (const id of named(element, attribute)) {
          if (document.getElementById(id) === null) say(element, `its ${attribute} is not there`);
        }
      }
    }
    for (const element of document.querySelectorAll("[aria-expanded=true]")) {
      if (!isShown(element)) continue;
      for (const id of named(element, "aria-controls")) {
        if (document.getElementById(id) === null) say(element, "it is open, and what it opens is not there");
      }
    }
    for (const element of document.querySelectorAll("[aria-invalid=true]")) {
      if (!isShown(element)) continue;
      const reasons = [...named(element, "aria-describedby"), ...named(element, "aria-errormessage")];
      const text = reasons.map((id) => document.getElementById(id)?.textContent ?? "").join("");
      if (text.trim() === "") say(element, "it is wrong, and nothing says why");
    }
    const { activeElement } = document;
    const hiding = activeElement?.closest("[aria-hidden=true], [inert]");
    const over = [...document.querySelectorAll("[role=dialog]")].some(
      (one) => one.closest("[aria-hidden=true]") === null,
    );
    // If two overlays open at the same moment, the lower one may have the focus briefly; keys lead from there to the upper one.
    if (activeElement !== null && hiding != null && !over) {
      say(activeElement, "it has the focus, and is hidden");
      say(hiding, "by this");
      for (const dialog of document.querySelectorAll("[role=dialog]")) say(dialog, "beside this");
    }
    const pages = document.querySelectorAll("nav[aria-label=Main] [aria-current=page]");
    const shown = [...pages].filter(isShown).length;
    if (shown > 1) problems.push(`${shown} pages are the current one`);
    return problems;
  });
}
