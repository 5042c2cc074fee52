/**
 * The page's document as the terminal emulator sees it: the style elements that it makes become style sheets of the document, since the page's policy allows no inline
 * styles (https://www.w3.org/TR/CSP3/#directive-style-src leaves constructed style sheets alone).
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

/** An element that stands for a style sheet: it is there as long as the element is. */
function styleElement(): HTMLElement {
  const sheet = new CSSStyleSheet();
  const element = document.createElement("template");
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
