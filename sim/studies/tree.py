"""A tree of yes-or-no questions on what histories differ in (Breiman et al. 1984), pruned by cross-validation."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.studies.discovery import Inputs

_LEAST, _FOLDS, _EDGES = 0.05, 5, 19  # smallest share of histories in a leaf; folds; split points tried


@dataclass(frozen=True)
class Node:
    """A leaf, or a question with the nodes for no (at most ``edge``) and yes (more)."""

    share: float
    count: int
    name: str = ""
    edge: float = 0.0
    no: "Node | None" = None
    yes: "Node | None" = None

    def lines(self, depth: int = 0) -> Iterator[str]:
        """The tree as text."""
        pad = "  " * depth
        if self.no is None:
            yield f"{pad}{self.share:.0%} of {self.count}"
            return
        yield f"{pad}{self.name} ≤ {self.edge:.3g}"
        yield from self.no.lines(depth + 1)
        yield f"{pad}{self.name} > {self.edge:.3g}"
        yield from self.yes.lines(depth + 1)

    def predict(self, inputs: Inputs) -> np.ndarray:
        """(history,) share of wanted histories in the leaf of each."""
        if self.no is None:
            return np.full(len(inputs.values), self.share)
        more = inputs.values[:, inputs.names.index(self.name)] > self.edge
        found = np.empty(len(more))
        for side, node in ((~more, self.no), (more, self.yes)):
            found[side] = node.predict(Inputs(inputs.names, inputs.values[side]))
        return found


def grow(inputs: Inputs, wanted: np.ndarray, depth: int, least: int) -> Node:
    """The tree of a depth whose leaves hold ``least`` histories or more."""
    leaf = Node(float(wanted.mean()) if wanted.size else 0.0, int(wanted.size))
    if depth == 0 or wanted.size < 2 * least or wanted.all() or not wanted.any():
        return leaf
    best, found = 1e-9, None
    for k in range(inputs.values.shape[1]):
        column = inputs.values[:, k]
        for edge in np.unique(np.quantile(column, np.linspace(0, 1, _EDGES + 2)[1:-1], method="lower")):
            more = column > edge
            count = int(more.sum())
            if least <= count <= wanted.size - least:
                apart = wanted[more].mean() - wanted[~more].mean()
                gain = apart * apart * count * (wanted.size - count) / wanted.size
                if gain > best:
                    best, found = gain, (k, float(edge))
    if found is None:
        return leaf
    k, edge = found
    more = inputs.values[:, k] > edge
    sides = [grow(Inputs(inputs.names, inputs.values[side]), wanted[side], depth - 1, least) for side in (~more, more)]
    return Node(leaf.share, leaf.count, inputs.names[k], edge, *sides)


def tree_of(inputs: Inputs, wanted: np.ndarray, deepest: int = 3, seed: int = 0) -> tuple[Node, float]:
    """The tree whose depth does best on held-out histories, and by how much of the variance; a leaf if none does."""
    wanted = np.asarray(wanted, dtype=bool)
    fold = np.random.default_rng(seed).permutation(len(wanted)) % _FOLDS
    least = max(10, int(_LEAST * len(wanted)))
    errors = np.zeros(deepest + 1)
    for k in range(_FOLDS):
        train, test = fold != k, fold == k
        base = float(wanted[train].mean())
        for depth in range(deepest + 1):
            node = grow(Inputs(inputs.names, inputs.values[train]), wanted[train], depth, least) if depth else None
            guess = node.predict(Inputs(inputs.names, inputs.values[test])) if node else base
            errors[depth] += float(np.sum((wanted[test] - guess) ** 2))
    depth = int(np.argmin(errors * np.array([0.99, *[1.0] * deepest])))  # a question must earn one per cent
    return grow(inputs, wanted, depth, least), float(1 - errors[depth] / errors[0])
