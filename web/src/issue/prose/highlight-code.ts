import hljs from "highlight.js/lib/common";

const languageClass = /^language-([\w+#.-]+)$/;

/** Colours the code blocks of a text that name a language; others stay as they are: guessing takes long and is often wrong. */
export function highlightCode(container: Element): void {
  for (const code of container.querySelectorAll("pre > code[class]")) {
    const language = languageClass.exec(code.className)?.[1];
    if (language === undefined || hljs.getLanguage(language) === undefined) continue;
    // What it gives is made of escaped text and its own spans.
    code.innerHTML = hljs.highlight(code.textContent, { language, ignoreIllegals: true }).value;
    code.className = "hljs";
  }
}
