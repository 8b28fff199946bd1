"""The direction of a flow at a point, compiled: what streamlines follow.

It is given at the nodes of a grid (rows, columns, 2) and is cubic in between: Lagrange's
polynomials through four nodes each way, of the fourth order.
"""
# mypy: disallow-untyped-defs = false
# The types are numba's to find: numbers, and arrays of float64.

import math

from gradart.numba_jit import compiled

# The plan: a box, the separation, how near lines may come, the flow's nodes to a unit of length,
# and 1 if the flow's angles are doubled: then it is of axes, which have no sign.
X0, Y0, X1, Y1, SEPARATION, NEAREST, NODES_X, NODES_Y, AXES = range(9)


@compiled
def _cubic(a, k):
    """Lagrange's polynomial at a that is 1 at k and 0 at the others of 0, 1, 2, 3."""
    if k == 0:
        return -(a - 1) * (a - 2) * (a - 3) / 6
    if k == 1:
        return a * (a - 2) * (a - 3) / 2
    if k == 2:
        return -a * (a - 1) * (a - 3) / 2
    return a * (a - 1) * (a - 2) / 6


@compiled
def course(flow, plan, x, y):
    """The unit vector of the flow at a point; NaN where it is 0 or there is none.

    Of an axis one of the two that it has.
    """
    if not (math.isfinite(x) and math.isfinite(y)):  # what a step into a hole comes to; no index
        return math.nan, math.nan
    rows, columns = flow.shape[0], flow.shape[1]
    a = min(max((x - plan[X0]) * plan[NODES_X], 0.0), columns - 1.0)
    b = min(max((y - plan[Y0]) * plan[NODES_Y], 0.0), rows - 1.0)
    i, j = min(max(int(a) - 1, 0), columns - 4), min(max(int(b) - 1, 0), rows - 4)
    a0, a1, a2, a3 = _cubic(a - i, 0), _cubic(a - i, 1), _cubic(a - i, 2), _cubic(a - i, 3)
    u = v = 0.0
    for k in range(4):
        w = _cubic(b - j, k)
        for axis in range(2):
            row = a0 * flow[j + k, i, axis] + a1 * flow[j + k, i + 1, axis]
            row += a2 * flow[j + k, i + 2, axis] + a3 * flow[j + k, i + 3, axis]
            if axis == 0:
                u += w * row
            else:
                v += w * row
    if not math.isfinite(u + v):  # at the edge of a hole, linear
        i, j = min(int(a), columns - 2), min(int(b), rows - 2)
        a, b = a - i, b - j
        u = (1 - b) * ((1 - a) * flow[j, i, 0] + a * flow[j, i + 1, 0])
        u += b * ((1 - a) * flow[j + 1, i, 0] + a * flow[j + 1, i + 1, 0])
        v = (1 - b) * ((1 - a) * flow[j, i, 1] + a * flow[j, i + 1, 1])
        v += b * ((1 - a) * flow[j + 1, i, 1] + a * flow[j + 1, i + 1, 1])
    speed = math.hypot(u, v)
    if not (speed > 0 and math.isfinite(speed)):
        return math.nan, math.nan
    if plan[AXES]:
        angle = math.atan2(v, u) / 2
        return math.cos(angle), math.sin(angle)
    return u / speed, v / speed
