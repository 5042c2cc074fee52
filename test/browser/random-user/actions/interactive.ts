/** Selector of everything clickable. */
export const interactive =
  "button:not(:disabled), a[href], [role=option], [role=menuitem], [role=menuitemradio], [role=menuitemcheckbox], [role=tab], input, textarea, select, summary, label";

/** Selector of entries in an open list or menu. */
export const choices = ":is([role=dialog], [role=menu]) :is([role=option], [role^=menuitem])";
