import { liesIn } from "../../domain/file-place.ts";

/**
 * Where GitHub keeps what people drop into a text, below the address of its website: since 2024, in 2023 and files before, and on Enterprise servers.
 * Shown to members of a private repository only. https://github.com/desktop/desktop/pull/18830, https://github.com/desktop/desktop/issues/16553
 */
export const uploadPaths = ["/user-attachments/", "/*/*/assets/", "/*/*/files/", "/storage/user/"] as const;

/** Pictures of the years before, whose addresses alone are their protection. */
export const oldPictures = "https://user-images.githubusercontent.com";

/** Whether a link in a text of the website `origin` leads to such a file. */
export function isUpload(url: URL, origin: string): boolean {
  return url.origin === oldPictures || uploadPaths.some((path) => liesIn({ origin, path }, url));
}
