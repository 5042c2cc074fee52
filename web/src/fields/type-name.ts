/**
 * The display name of an issue type: all-lower-case names, such as GitLab's and Panopticon's own `issue`, get a capital letter to match the names next to them.
 * Others stay as their tracker writes them.
 */
export function typeName(type: string): string {
  return type === type.toLowerCase() ? type.charAt(0).toUpperCase() + type.slice(1) : type;
}
