/** What can be clicked, as a selector. */
export const interactive =
  "button:not(:disabled), a[href], [role=option], [role=menuitem], [role=menuitemradio], [role=menuitemcheckbox], [role=tab], input, textarea, select, summary, label";

/** What is chosen from in a list or menu that lies over the page. */
export const choices = ":is([role=dialog], [role=menu]) :is([role=option], [role^=menuitem])";
