import type { Types } from "@graphql-codegen/plugin-helpers";
import { type FieldNode, Kind, type SelectionSetNode, visit } from "graphql";

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: "__typename" } };

function withTypename(set: SelectionSetNode): SelectionSetNode {
  const has = set.selections.some(
    (each) => each.kind === Kind.FIELD && each.name.value === "__typename",
  );
  return has ? set : { ...set, selections: [TYPENAME, ...set.selections] };
}

/** Every field's selection has __typename: the cache hands it out only where a document selects it. */
export const typenames: Types.DocumentTransformObject = {
  transform: ({ documents }) =>
    documents.map((file) => ({
      ...file,
      document:
        file.document &&
        visit(file.document, {
          [Kind.FIELD]: {
            leave: (node) =>
              node.selectionSet
                ? { ...node, selectionSet: withTypename(node.selectionSet) }
                : undefined,
          },
        }),
    })),
};
