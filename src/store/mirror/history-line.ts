/** A history line without its issue. */
export type Line = { readonly field: string; readonly from: string | null; readonly to: string | null };
