"""Areas of several ways, as OpenStreetMap has them: ways joined to rings, outlines and holes."""

from collections import defaultdict
from collections.abc import Sequence


def rings_of(ways: Sequence[Sequence[str]]) -> list[list[str]] | None:
    """Ways, each a list of nodes, joined at their ends to closed rings; None where one stays open.

    At a node where more than two of them end, any that fit are joined. The first node of a ring is
    not repeated.
    """
    ends: dict[str, list[int]] = defaultdict(list)
    for number, way in enumerate(ways):
        for end in (way[0], way[-1]):
            ends[end].append(number)
    left = set(range(len(ways)))
    found = []
    for number in range(len(ways)):
        if number not in left:
            continue
        left.discard(number)
        ring = list(ways[number])
        while ring[0] != ring[-1]:
            following = next((k for k in ends[ring[-1]] if k in left), None)
            if following is None:
                return None
            left.discard(following)
            way = ways[following]
            ring += way[1:] if way[0] == ring[-1] else way[-2::-1]
        if len(ring) > 3:
            found.append(ring[:-1])
    return found
