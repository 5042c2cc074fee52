/** Puts the focus on a column's strip, or on its menu once it is open, when that is drawn. */
export function focusHead(group: string): void {
  requestAnimationFrame(() => {
    const column = document.querySelector<HTMLElement>(`[data-drop-group="${CSS.escape(group)}"]`);
    const head = column instanceof HTMLButtonElement ? column : column?.querySelector<HTMLElement>(".column-menu");
    head?.focus({ preventScroll: true });
  });
}
