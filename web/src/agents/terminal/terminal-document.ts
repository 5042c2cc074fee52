/**
 * A proxy of `document` for the terminal emulator that turns the style elements it creates into constructed style sheets, because the page's policy allows no
 * inline styles (https://www.w3.org/TR/CSP3/#directive-style-src leaves constructed style sheets alone).
 */
export function terminalDocument(): Document {
  return new Proxy(document, {
    get(target, property) {
      if (property === "createElement") {
        return (name: string, options?: ElementCreationOptions) =>
          name === "style" ? styleElement() : target.createElement(name, options);
      }
      const value: unknown = Reflect.get(target, property, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}

/**
 * Runs `work` while `document.createElement` itself returns such style elements: xterm.js 6.0.0 creates one for its scroll bar while it opens and ignores
 * `documentOverride` there.
 */
export function withConstructedStyles(work: () => void): void {
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) =>
    name === "style" ? styleElement(create) : create(name, options)) as typeof document.createElement;
  try {
    work();
  } finally {
    Reflect.deleteProperty(document, "createElement");
  }
}

/** An element backed by a constructed style sheet, which is removed together with the element. */
function styleElement(create = document.createElement.bind(document)): HTMLElement {
  const sheet = new CSSStyleSheet();
  const element = create("template");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  Object.defineProperty(element, "textContent", {
    set(css: string) {
      sheet.replaceSync(css);
    },
  });
  Object.defineProperty(element, "remove", {
    value: () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((other) => other !== sheet);
      Element.prototype.remove.call(element);
    },
  });
  return element;
}
