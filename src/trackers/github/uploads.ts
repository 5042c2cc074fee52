import { liesIn } from "../../domain/file-place.ts";

/**
 * Where GitHub keeps uploads, below its website's address: since 2024, in 2023, files before that, and on Enterprise servers. In a private repository only
 * members can see them. https://github.com/desktop/desktop/pull/18830, https://github.com/desktop/desktop/issues/16553
 */
export const uploadPaths = ["/user-attachments/", "/*/*/assets/", "/*/*/files/", "/storage/user/"] as const;

/** Images of earlier years, which are protected only by their unguessable URLs. */
export const oldPictures = "https://user-images.githubusercontent.com";

/** Whether a link on the website `origin` points to an uploaded file. */
export function isUpload(url: URL, origin: string): boolean {
  return url.origin === oldPictures || uploadPaths.some((path) => liesIn({ origin, path }, url));
}
