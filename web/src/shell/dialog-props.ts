/** What every dialog is given. */
export type DialogProps = { readonly onClose: () => void };
