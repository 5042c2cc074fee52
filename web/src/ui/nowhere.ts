/** Whether no specific element has the focus, only the document or the main area. Shortcuts then apply to the page. */
export function isFocusNowhere(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || activeElement.id === "main";
}
