"""A drawing dragged by the pointer: what is held, which parameters follow, how far each moves."""

from collections.abc import Sequence

from gradart.optimizing.dragging.drag import Drag
from gradart.optimizing.dragging.grips import Grip
from gradart.optimizing.sensitivity.sensitivity import sensitivity
from gradart.sketching.error_reporting import errors_of
from gradart.sketching.value_texts import as_plain
from gradart.studio import protocol
from gradart.studio.protocol import ToSend, Values
from gradart.studio.worker.picture import noted
from gradart.studio.worker.sketch_runner import Say, SketchRunner

SECONDS = 0.08  # that a pull may take; the next one goes on from there
AT_REST = 0.4  # the same, of a pull to where the last one went


def grab(
    runner: SketchRunner,
    say: Say,
    values: Values,
    seed: int,
    frame: int | None,
    at: Sequence[float],
) -> ToSend:
    """The place on the drawing that is nearest to a point of the page, in mm.

    While it is held the drawing lies on its page as it does now.
    """
    with noted(), errors_of(runner.sketch.name, runner.sketch.file):
        runner.held = runner.placement(values, seed, frame)
        hand = runner.hand(values, seed)
        vector, u = hand.vector(runner.job(values, seed).values), _playhead(runner, hand, frame)
        grip = hand.grip(vector, u, at)
        x, y = hand.at(vector, u, grip).tolist()
    plain: protocol.Grip = {
        "mark": grip.mark,
        "path": grip.path,
        "points": list(grip.points),
        "weights": list(grip.weights),
    }
    head: protocol.Grabbed = {"grip": plain, "at": (x, y)}
    return head, b""


def pull(
    runner: SketchRunner,
    say: Say,
    values: Values,
    seed: int,
    frame: int | None,
    pulls: Sequence[protocol.Pull],
    locked: Sequence[str],
) -> ToSend:
    """Parameters with which the places that are held lie as near to their targets as they can."""
    with noted(), errors_of(runner.sketch.name, runner.sketch.file):
        hand = runner.hand(values, seed)
        vector, u = hand.vector(runner.job(values, seed).values), _playhead(runner, hand, frame)
        held = [_grip(one["grip"]) for one in pulls]
        targets = [one["to"] for one in pulls]
        resting = targets == runner.pulled_to
        seconds = AT_REST if resting else SECONDS
        runner.pulled_to = targets
        ended = hand.pull(vector, u, held, targets, locked=locked, seconds=seconds, resting=resting)
    moved = {name: as_plain(value) for name, value in hand.values(ended.vector).items()}
    head: protocol.Pulled = {
        "values": {name: value for name, value in moved.items() if name not in locked},
        "at": [(x, y) for x, y in ended.at.tolist()],
        "bounded": list(ended.held_back),
        "again": ended.again,
    }
    return head, b""


def _grip(plain: protocol.Grip) -> Grip:
    return Grip(plain["mark"], plain["path"], tuple(plain["points"]), tuple(plain["weights"]))


def moves(runner: SketchRunner, say: Say, values: Values, seed: int) -> ToSend:
    """How far each float parameter moves the picture; of a list, the number that moves it most."""
    with noted(), errors_of(runner.sketch.name, runner.sketch.file):
        found = sensitivity(runner.sketch, at=None, seed=seed, **runner.job(values, seed).values)
    movements: dict[str, protocol.Movement] = {}
    for one in found.movements:
        name = one.name.partition("[")[0]
        mm = one.range_rms if one.effect == "moves" else 0.0
        if name not in movements or mm > movements[name]["mm"]:
            movements[name] = {"mm": mm, "effect": one.effect}
    head: protocol.Moves = {"movements": movements}
    return head, b""


def _playhead(runner: SketchRunner, hand: Drag, frame: int | None) -> float:
    if not hand.film:
        return 0.0
    return runner.sketch.options.at if frame is None else runner.playhead(frame)
