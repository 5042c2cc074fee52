/** Focuses a column's collapsed strip, or its menu button when open, once it is rendered. */
export function focusHead(group: string): void {
  requestAnimationFrame(() => {
    const column = document.querySelector<HTMLElement>(`[data-drop-group="${CSS.escape(group)}"]`);
    const head = column instanceof HTMLButtonElement ? column : column?.querySelector<HTMLElement>(".column-menu");
    head?.focus({ preventScroll: true });
  });
}
