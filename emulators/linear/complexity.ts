import {
  type FragmentDefinitionNode,
  getNamedType,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

export const maxComplexity = 10_000;
const defaultPageSize = 50;
const scalarPoints = 0.1;
const objectPoints = 1;

/**
 * A query's cost by Linear's published rules: 0.1 per property, 1 per object, and everything below a connection multiplied by its page size (default 50).
 * https://linear.app/developers/rate-limiting
 */
export function computeComplexity(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  variables: Readonly<Record<string, unknown>>,
): number {
  const root = schema.getRootType(operation.operation);
  return root ? selectionPoints(operation.selectionSet, root.name) : 0;

  function selectionPoints(selectionSet: SelectionSetNode, typeName: string): number {
    let points = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        points += selectionPoints(selection.selectionSet, selection.typeCondition?.name.value ?? typeName);
      } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const fragment = fragments.get(selection.name.value);
        if (fragment) points += selectionPoints(fragment.selectionSet, fragment.typeCondition.name.value);
      } else {
        const parent = schema.getType(typeName);
        const name = selection.name.value;
        const field = isObjectType(parent) || isInterfaceType(parent) ? parent.getFields()[name] : undefined;
        // Introspection is free.
        if (field === undefined) continue;
        const type = getNamedType(field.type);
        if (!isCompositeType(type) || selection.selectionSet === undefined) {
          points += scalarPoints;
          continue;
        }
        const below = selectionPoints(selection.selectionSet, type.name);
        const isConnection = type.name.endsWith("Connection");
        points += isConnection ? below * pageSize(selection.arguments ?? []) : objectPoints + below;
      }
    }
    return points;
  }

  function pageSize(
    given: readonly { readonly name: { readonly value: string }; readonly value: { readonly kind: string } }[],
  ): number {
    for (const { name, value } of given) {
      if (name.value !== "first" && name.value !== "last") continue;
      if (value.kind === Kind.INT && "value" in value) return Number(value.value);
      if (value.kind !== Kind.VARIABLE || !("name" in value)) continue;
      const variable = variables[(value.name as { readonly value: string }).value];
      if (typeof variable === "number") return variable;
    }
    return defaultPageSize;
  }
}

/** The charge of a response: the same points, for what was actually returned. The live API charges far less than the bound. */
export function computeCharge(data: unknown): number {
  if (Array.isArray(data)) return data.reduce<number>((sum, item) => sum + computeCharge(item), 0);
  if (typeof data !== "object" || data === null) return scalarPoints;
  let points = objectPoints;
  for (const value of Object.values(data)) points += computeCharge(value);
  return points;
}
