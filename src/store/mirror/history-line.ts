/** What a line says besides the issue it is about. */
export type Line = { readonly field: string; readonly from: string | null; readonly to: string | null };
