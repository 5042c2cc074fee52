/** A URL that opens a folder in Visual Studio Code: https://code.visualstudio.com/docs/configure/command-line#_opening-vs-code-with-urls. */
export function editorAddress(path: string): string {
  const steps = path.split("/").map(encodeURIComponent);
  return `vscode://file${steps.join("/")}`;
}
