/** Names of classes and settings as Python spells functions and arguments. */

/** `HeNormal` is `he_normal`, `ExpandDims` is `expand_dims`. */
export function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, '_').toLowerCase();
}
