"""How many fields the selection of a value has."""

from collections.abc import Iterable, Mapping

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, SelectionSetNode


def width_of(nodes: Iterable[FieldNode], fragments: Mapping[str, FragmentDefinitionNode]) -> int:
    """Return how many fields are selected below a field, at any depth; of a list those of one item.

    Those of all types of a union count.
    """
    known: dict[str, int] = {}

    def below(selected: SelectionSetNode | None) -> int:
        return sum(map(of, selected.selections)) if selected else 0

    def of(node: object) -> int:
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name not in known:
                known[name] = below(fragments[name].selection_set)
            return known[name]
        return isinstance(node, FieldNode) + below(getattr(node, "selection_set", None))

    return sum(below(node.selection_set) for node in nodes)
