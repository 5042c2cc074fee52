/** The props of every dialog. */
export type DialogProps = { readonly onClose: () => void };
