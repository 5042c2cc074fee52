/**
 * What an issue's type is called on the page: a name all in small letters, as GitLab's and Panopticon's own `issue` are, begins with a capital letter like the names
 * beside it. Others stay as their tracker writes them.
 */
export function typeName(type: string): string {
  return type === type.toLowerCase() ? type.charAt(0).toUpperCase() + type.slice(1) : type;
}
