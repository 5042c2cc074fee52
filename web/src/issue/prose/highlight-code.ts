import hljs from "highlight.js/lib/common";

const languageClass = /^language-([\w+#.-]+)$/;

/** Highlights code blocks that name a language; guessing the language is slow and often wrong. */
export function highlightCode(container: Element): void {
  for (const code of container.querySelectorAll("pre > code[class]")) {
    const language = languageClass.exec(code.className)?.[1];
    if (language === undefined || hljs.getLanguage(language) === undefined) continue;
    // Safe: highlight.js escapes the text and adds only its own spans.
    code.innerHTML = hljs.highlight(code.textContent, { language, ignoreIllegals: true }).value;
    code.className = "hljs";
  }
}
