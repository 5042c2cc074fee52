/**
 * The issues that a request's text closes on merge, as written: `Closes #12`, `fixes owner/repo#12`. GitHub and GitLab share these verbs; GitLab has a few
 * more. https://docs.github.com/en/issues/tracking-your-work-with-issues/using-issues/linking-a-pull-request-to-an-issue
 */
export function readClosingWords(text: string): readonly { readonly source: string | null; readonly number: number }[] {
  const found = text.matchAll(
    /\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)):?\s+(?:([\w.-]+(?:\/[\w.-]+)+))?#(\d+)\b/gi,
  );
  return [...found].map(([, source, number]) => ({ source: source ?? null, number: Number(number) }));
}
