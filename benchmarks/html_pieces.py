"""Every piece of the gallery as one HTML file, held to what JAX computes and cairo paints.

All take an hour, so that a run measures for some minutes: those that RESULTS.md has no row of, then
those whose row is the oldest, and keeps the other rows. `python benchmarks/html_pieces.py skiers`
measures that one. Times are those of one processor core, all threads of the browser added up: so
they hold on a machine that does other things, too.
"""

import base64
import io
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import jax
import numpy as np
from PIL import Image

from gradart.jobs.job import Job, compute, write
from gradart.rendering.film.tracing import playheads
from gradart.rendering.html.scene_arrays import scene_arrays
from gradart.rendering.pipeline import compose
from gradart.rendering.render import sheet_for
from gradart.sketching.loading import load, sketch_files
from gradart.sketching.sketch import Sketch

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from rendering.html.pieces import script_of

SKETCHES = Path(__file__).parents[1] / "sketches"
RESULTS = Path(__file__).with_name("RESULTS.md")
SECONDS = 240  # after which no further piece is begun
PX = 1000
HEADS = (0.0, 0.31, 0.77)  # playheads at which pictures and numbers are compared
BATCHES, FRAMES = 3, 60  # playheads, and the median of the batches
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
# Fits take minutes; those here take fewer steps, of which the page knows as little as of all.
REDUCED: Mapping[str, Mapping[str, object]] = {
    "strokes": {"steps": 20},
    "one_line": {"steps": 20},
    "three_pens": {"steps": 20},
    "caustic_word": {"steps": 20},
    "moire": {"steps": 20},
    "hachures": {"steps": 20},
    "epicycles": {"steps": 20},
    "arcs": {"steps": 20},
}

# Puts into the page what drives its piece: the modules of its script are in scope.
_BENCH = """(async () => {
  const art = data_blocks_js.readJson("art");
  const arrays = await data_blocks_js.readNumbers();
  const program = (%s)(arrays);
  const piece = piece_js.makePiece(art, program, arrays);
  const unit = %d / Math.max(art.page.width, art.page.height);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = %s;
  const reads = art.marks.some(({ blend }) => blend.kind !== "over");
  const context = canvas.getContext("2d", { willReadFrequently: reads });
  const frames = film_painter_js.makeFilmPainter();
  const show = (u, quick) => {
    const { scene, placement } = piece.at(u);
    const paint = art.film ? frames.paint : canvas_js.paint;
    paint(context, scene, placement, art.page, unit, undefined, quick);
    context.getImageData(0, 0, 1, 1); // now, not when the browser has time
  };
  const text = async (numbers) => {
    const file = new Blob([Float64Array.from(numbers, Number)]);
    const url = await new Promise((done) => {
      const reader = new FileReader();
      reader.onload = () => done(reader.result);
      reader.readAsDataURL(file);
    });
    return url.split(",")[1] ?? "";
  };
  globalThis.bench = {
    set(values) {
      frames.forget();
      piece.set({ ...inputs_js.defaults(art.inputs), ...values });
    },
    compute: (heads) => heads.forEach((u) => piece.at(u)),
    frames: (heads) => heads.forEach((u) => show(u, true)), // as a film is played
    picture(u) {
      show(u, false);
      return canvas.toDataURL().split(",")[1];
    },
    numbers: () => Promise.all(program.outputs.map(({ data }) => text(data))),
  };
})()"""


@dataclass
class Row:
    """What was found of a piece."""

    name: str
    film: bool = False
    bytes: int = 0
    written: float = 0.0  # s
    alive: list[str] = field(default_factory=list)
    fixed: list[str] = field(default_factory=list)
    first: float = 0.0  # s to the first picture
    frame: float = 0.0  # ms of a frame
    computing: float = 0.0  # ms of it
    picture: float = 0.0  # of 255, the largest mean difference
    numbers: float = 0.0  # the largest relative difference
    lifted: float = 0.0  # the share of numbers that are NaN in one alone
    other: bool = False  # whether Python has another number of points where parameters differ
    wrong: str = ""
    day: str = ""


class Browser:
    """Chromium, and how much processor time it has taken."""

    def __init__(self, chromium: Any) -> None:
        self._chromium = chromium
        self._session = chromium.new_browser_cdp_session()

    def seconds(self) -> float:
        """What all of its processes have taken so far, of a core."""
        told = self._session.send("SystemInfo.getProcessInfo")["processInfo"]
        return sum(process["cpuTime"] for process in told)

    @contextmanager
    def page(self, file: Path) -> Iterator[tuple[Any, float]]:
        """A page that shows a file: a function that evaluates in it, and the seconds that took."""
        context = self._chromium.new_context(reduced_motion="reduce")
        page = context.new_page()
        session = context.new_cdp_session(page)

        def run(text: str) -> Any:
            how = {"awaitPromise": True, "returnByValue": True}
            found = session.send("Runtime.evaluate", {"expression": text, **how})
            if "exceptionDetails" in found:
                raise RuntimeError(found["exceptionDetails"]["exception"]["description"])
            return found["result"].get("value")

        begun = self.seconds()
        page.goto(file.as_uri())
        page.wait_for_selector("#frame[aria-busy=false]", timeout=120_000)
        yield run, self.seconds() - begun
        context.close()


@contextmanager
def browsers() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS.split()
        )
        yield Browser(chromium)
        chromium.close()


def measured(name: str, browser: Browser, folder: Path) -> Row:
    """All that is to be known of a piece."""
    row = Row(name, day=time.strftime("%Y-%m-%d %H:%M"))
    (sketch,) = (s for s in load(SKETCHES / f"{name}.py").sketches if s.name == name)
    reduced = {k: v for k, v in REDUCED.get(name, {}).items() if k in _names(sketch)}
    try:
        _measure(row, sketch, reduced, browser, folder / f"{name}.html")
    except Exception as error:
        row.wrong = f"{type(error).__name__}: {error}".partition("\n")[0][:200]
    return row


def _names(sketch: Sketch) -> set[str]:
    return {p.name for p in sketch.parameters}


def _measure(
    row: Row, sketch: Sketch, reduced: Mapping[str, Any], browser: Browser, file: Path
) -> None:
    begun = time.process_time()
    job = Job(sketch, reduced, seed=sketch.seed)
    write(job, compute(job), file)
    row.written, row.bytes = time.process_time() - begun, file.stat().st_size
    html = file.read_text()
    art = json.loads(_block(html, "art").replace("\\u003c", "<"))
    row.film = art["film"]
    row.alive = [told["name"] for told in art["inputs"]]
    row.fixed = [told["name"] for told in art["fixed"]]
    code = script_of(html).rpartition("main_js.start(")[2].rpartition(");\n")[0]
    sheet = sheet_for(sketch.options)
    long = max(sheet.width, sheet.height)
    size = [round(PX * sheet.width / long), round(PX * sheet.height / long)]
    with browser.page(file) as (run, row.first):
        run(_BENCH % (code, PX, json.dumps(size)))
        for values in [{}, *_others(art["inputs"])]:
            run(f"bench.set({json.dumps(values)})")
            _compare(row, sketch, {**reduced, **values}, art, run, all_heads=not values)
        run("bench.set({})")
        if row.film:
            heads = np.linspace(0, 1, BATCHES * FRAMES, endpoint=False).reshape(FRAMES, -1).T
            run(f"bench.frames({json.dumps(heads[0].tolist())})")  # until all of it is compiled
            row.frame = _each(browser, run, "frames", heads)
            row.computing = _each(browser, run, "compute", heads)


def _block(html: str, name: str) -> str:
    found = re.search(rf'id="{name}">(.*?)</script>', html, re.DOTALL)
    assert found is not None
    return found[1]


def _each(browser: Browser, run: Any, what: str, batches: np.ndarray) -> float:
    """The median over batches of the milliseconds that a playhead takes."""
    times = []
    for batch in batches:
        begun = browser.seconds()
        run(f"bench.{what}({json.dumps(batch.tolist())})")
        times.append((browser.seconds() - begun) / len(batch) * 1e3)
    return statistics.median(times)


def _others(inputs: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Two other values of each parameter that is alive, the rest at their defaults."""
    for told in inputs:
        for share in (0.3, 0.8):
            yield {told["name"]: _other(told, share)}


def _other(told: Mapping[str, Any], share: float) -> Any:
    now, kind = told["default"], told["kind"]
    if kind == "key":
        return round(1 + 10 * share)
    if kind == "bool":
        return share < 0.5
    if kind == "color":
        return "#336699" if share < 0.5 else "#cc8844"
    if kind == "list":
        return json.loads(json.dumps(now), parse_float=lambda x: float(x) * (0.8 + 0.3 * share))
    low, high = told.get("low"), told.get("high")
    if low is None or high is None:
        low, high = sorted((now * 0.7, now * 1.3)) if now else (-1, 1)
    near = now + 0.5 * ((low - now) * (1 - share) + (high - now) * share)
    return round(near) if kind == "int" else near


def _compare(
    row: Row,
    sketch: Sketch,
    values: Mapping[str, Any],
    art: Mapping[str, Any],
    run: Any,
    all_heads: bool,
) -> None:
    """Hold pictures and numbers at values, `given` with those that are not alive, to Python's."""
    values = dict(values)
    seed = values.pop("key", sketch.seed)
    made = compute(Job(sketch, values, seed=seed))
    options = sketch.options
    frames = playheads(options.seconds, options.fps) if row.film else np.zeros(1)
    composition = compose(made, sheet_for(options), frames)
    heads = (HEADS if all_heads else HEADS[1:2]) if row.film else (0.0,)
    for u in heads:
        still = composition.still(u)
        with Image.open(io.BytesIO(base64.b64decode(run(f"bench.picture({u})")))) as seen:
            picture = np.asarray(seen.convert("RGBA")).astype(float)
        want = still.pixels(PX).astype(float)
        row.picture = max(row.picture, float(np.abs(picture - want)[..., :3].mean()))
        _, arrays = scene_arrays(still.scene)
        texts = run("bench.numbers()")
        if len(texts) != len(arrays):  # a page of many marks has one picture of them
            row.other = True
            continue
        for text, array in zip(texts, arrays, strict=True):
            wanted = np.asarray(array, float).ravel()
            got = np.frombuffer(base64.b64decode(text))
            if got.size != wanted.size:  # a page keeps how many points there are, Python does not
                row.other = True
                continue
            both = np.isfinite(wanted) & np.isfinite(got)
            most = np.abs(wanted[np.isfinite(wanted)]).max(initial=0) or 1.0
            off = np.abs(wanted - got)[both].max(initial=0) / most
            row.numbers = max(row.numbers, float(off))
            lifted = np.isfinite(wanted) != np.isfinite(got)
            row.lifted = max(row.lifted, float(lifted.mean()) if lifted.size else 0.0)


_HEAD = (
    "| | kB | written | alive | fixed | first picture | a frame: computed + painted |"
    " a second | picture, of 255 | numbers | measured |\n"
    "|---|---:|---:|---|---|---:|---:|---:|---:|---:|---|\n"
)


def line(r: Row) -> str:
    """A row of the table."""
    if r.wrong:
        return f"| {r.name} | {r.wrong} |" + " |" * 8 + f" {r.day} |\n"
    frame = f"{r.computing:.1f} + {r.frame - r.computing:.1f} ms" if r.film else ""
    rate = f"{1e3 / r.frame:.0f}" if r.film else ""
    numbers = f"{r.numbers:.0e}" + (f", {r.lifted:.0e} ties" if r.lifted else "")
    numbers += ", other points" * r.other
    return (
        f"| {r.name} | {r.bytes / 1e3:.0f} | {r.written:.1f} s | {', '.join(r.alive)} |"
        f" {', '.join(r.fixed)} | {r.first:.2f} s | {frame} | {rate} | {r.picture:.2f} |"
        f" {numbers} | {r.day} |\n"
    )


def known() -> dict[str, tuple[str, str]]:
    """The rows in RESULTS.md of pieces without a fault: when each was measured, and its line."""
    text = RESULTS.read_text() if RESULTS.is_file() else ""
    part = f"\n{text}".partition("\n## html_pieces\n")[2].partition("\n## ")[0]
    found = re.finditer(r"^\| (\w+) \| \d+ \|.*\| ([^|]*) \|$", part, re.MULTILINE)
    return {row[1]: (row[2], f"{row[0]}\n") for row in found}


def main(names: Sequence[str]) -> str:
    """The table with the rows of some pieces anew, or of as many as there is time for."""
    every = [file.stem for file in sketch_files(SKETCHES)]
    rows = {name: row for name, row in known().items() if name in every}
    ended = time.monotonic() + SECONDS
    with (
        warnings.catch_warnings(),
        tempfile.TemporaryDirectory() as folder,
        browsers() as browser,
    ):
        warnings.simplefilter("ignore")
        for name in names or sorted(every, key=lambda name: rows.get(name, ("", ""))[0]):
            if not names and time.monotonic() > ended:
                break
            row = measured(name, browser, Path(os.environ.get("GRADART_HTML", folder)))
            print(json.dumps(asdict(row)), file=sys.stderr, flush=True)
            rows[name] = row.day, line(row)
            jax.clear_caches()
    load = f"{os.getloadavg()[0]:.0f} programs at work on {os.cpu_count()} cores"
    lines = "".join(rows[name][1] for name in every if name in rows)
    return f"Beside others, {load}; {len(rows)} of {len(every)} pieces.\n\n{_HEAD}{lines}"


if __name__ == "__main__":
    print(main(sys.argv[1:]))
