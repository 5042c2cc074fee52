/** Whether the focus is on nothing in particular: on the page as a whole, or on all that it shows. Keys then mean what is shown. */
export function isFocusNowhere(): boolean {
  const { activeElement } = document;
  return activeElement === null || activeElement === document.body || activeElement.id === "main";
}
