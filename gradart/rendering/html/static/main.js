// The page: a piece computed and painted here, and what hand, keys and address do with it.

import { isBare, read, written } from "./address.js";
import { readsInk } from "./art.js";
import { paint } from "./canvas.js";
import { anySeed, makeControls } from "./controls.js";
import { readJson, readNumbers } from "./data_blocks.js";
import { $, addIcons, icon } from "./elements.js";
import { makeFilmPainter } from "./film_painter.js";
import { defaults, same } from "./inputs.js";
import { listen } from "./keyboard.js";
import { h } from "./markup.js";
import { makePicture } from "./picture.js";
import { makePiece } from "./piece.js";
import { makePlayer } from "./player.js";
import { asPng, download, fileName } from "./saving.js";
import { svgText } from "./svg_file.js";

/** @import { Art, Program } from "./art.js" */
/** @import { Drawn, Piece } from "./piece.js" */
/** @import { Typed } from "./packing.js" */
/** @import { Values } from "./inputs.js" */

const PNG = 2048; // px of the long side
const SLOW = 120; // ms that a picture takes, from which on it waits until the hand rests
const LONG = 1000; // ms, from which on it is said that one is coming
const IDLE = 2500; // ms, after which the controls of a film on full screen are put away

/**
 * What else a page may have: made of the art and all arrays of the document, it is handed what is
 * seen, each time that this changes.
 * @typedef {(art: Art, arrays: Typed[], pause: () => void) => { shown: (drawn: Drawn, values: Values, u: number) => void }} Extra
 */

/**
 * Begin. A page with something more begins at rest.
 * @param {(constants: Typed[]) => Program} makeProgram
 * @param {Extra | null} extra
 */
export async function start(makeProgram, extra = null) {
  /** @type {Art} */
  const art = readJson("art");
  addIcons();
  describe(art);
  try {
    const arrays = await readNumbers();
    run(art, makePiece(art, makeProgram(arrays), arrays), extra && ((pause) => extra(art, arrays, pause)));
  } catch (error) {
    tell(`This browser cannot compute the picture: ${/** @type {Error} */ (error).message}`);
  }
}

/**
 * @param {Art} art
 * @param {Piece} piece
 * @param {((pause: () => void) => ReturnType<Extra>) | null} extra
 */
function run(art, piece, extra) {
  let values = defaults(art.inputs);
  let computed = false; // whether the piece is that of the values
  let rough = false; // whether it is, or is to be, computed for a hand that moves
  let took = art.known ? Infinity : 0; // ms of the last picture of other values
  let timer = 0;
  let asked = false;
  /** What was seen last without an error. @type {{ values: typeof values, u: number } | null} */
  let good = null;
  /** @type {Drawn | null} */
  let drawn = null;

  const frames = makeFilmPainter();
  const picture = makePicture(
    art.page,
    (context, pixelsPerMm, view, quick) => {
      if (!drawn) return;
      const painter = art.film ? frames.paint : paint;
      painter(context, drawn.scene, drawn.placement, art.page, pixelsPerMm, view, quick);
    },
    (art.scenes ?? [art]).some(({ marks }) => readsInk(marks)),
    ask,
  );
  const player = art.film ? makePlayer(art, piece.frames, show, extra !== null) : null;
  const more = extra?.(() => player?.pause());
  const showValues = makeControls(art.inputs, change, note);

  /** @param {typeof values} some */
  const isKnown = (some) => art.known !== undefined && same(some, defaults(art.inputs));

  /** Have the picture painted before the screen is. */
  function ask() {
    if (asked) return;
    asked = true;
    const begin = () => {
      asked = false;
      show();
    };
    // A picture may take seconds: the page is there before the first, and says so of others.
    const isLong = !good || (!computed && took > LONG);
    if (isLong) $("frame").setAttribute("aria-busy", "true");
    requestAnimationFrame(isLong ? () => setTimeout(begin) : begin);
  }

  /** @param {typeof values} some @param {boolean} few */
  function compute(some, few) {
    frames.forget();
    piece.set(some, few);
  }

  /** Compute and paint. What cannot be is told, and what was seen before stays. */
  function show(u = player?.u ?? art.at) {
    const before = performance.now();
    const fresh = !computed;
    try {
      if (!computed) compute(values, rough);
      computed = true;
      drawn = piece.at(u);
      picture.show();
      more?.shown(drawn, values, u);
      const first = !good;
      good = { values, u };
      $("frame").setAttribute("aria-busy", "false");
      if (first) player?.begin();
      tell("");
    } catch (error) {
      player?.pause();
      computed = false;
      tell(`This cannot be drawn: ${/** @type {Error} */ (error).message}`);
      if (!good) return;
      compute(good.values, false);
      drawn = piece.at(good.u);
      picture.show();
    }
    if (fresh && !isKnown(values)) took = performance.now() - before;
  }

  /** Take other values; `live` while a hand is moving. @param {typeof values} now @param {boolean} live */
  function put(now, live) {
    clearTimeout(timer);
    const settles = rough && !live;
    if (!same(now, values) || settles) computed = false;
    values = now;
    rough = live;
    if (!computed && live && took > SLOW) timer = setTimeout(ask, SLOW);
    else if (!computed) ask();
    showValues(values);
  }

  /** @param {typeof values} some @param {boolean} live */
  function change(some, live) {
    put({ ...values, ...some }, live);
    if (!live) writeAddress();
    note("");
  }

  function writeAddress() {
    const text = written(art.inputs, values, location.hash);
    if (`#${text}` === location.hash || (!text && !location.hash)) return;
    try {
      history.replaceState(null, "", text ? `#${text}` : location.pathname + location.search);
    } catch {
      // A page in a frame without rights has an address that stays.
    }
  }

  function follow() {
    const found = read(art.inputs, location.hash);
    document.body.toggleAttribute("data-bare", isBare(location));
    put({ ...defaults(art.inputs), ...found.values }, false);
    note(found.notes.join(" "));
  }

  const resetAll = () => change(defaults(art.inputs), false);
  const seed = art.inputs.find(({ kind }) => kind === "key");

  /** @param {"png" | "svg"} ending */
  async function save(ending) {
    try {
      show();
      const name = `${fileName(art, values, player?.u ?? null)}.${ending}`;
      if (ending === "png") download(await asPng(picture.copy(PNG)), name);
      else if (drawn) download(new Blob([svg(art, drawn)], { type: "image/svg+xml" }), name);
    } catch (error) {
      tell(/** @type {Error} */ (error).message);
    }
  }

  addEventListener("hashchange", follow);
  $("reset").addEventListener("click", resetAll);
  $("png").addEventListener("click", () => save("png"));
  $("svg").addEventListener("click", () => save("svg"));
  const screens = fullScreen();
  const panel = panelButton();

  listen([
    ...(player
      ? [
          { key: " ", shown: "space", said: "play or pause", act: player.toggle },
          { key: "ArrowLeft", shown: "← →", said: "a frame back, a frame on", act: () => player.step(-1) },
          { key: "ArrowRight", act: () => player.step(1) },
          { key: "Home", shown: "Home End", said: "the first frame, the last", act: player.first },
          { key: "End", act: player.last },
          { key: "<", shown: "< >", said: "slower, faster", act: () => player.faster(-1) },
          { key: ">", act: () => player.faster(1) },
          { key: "l", said: "once, or again and again", act: player.toggleLoop },
        ]
      : []),
    ...(seed
      ? [{ key: "r", said: "another variation", act: () => change({ [seed.name]: anySeed() }, false) }]
      : []),
    ...(screens ? [{ key: "f", said: "full screen", act: screens }] : []),
    { key: "c", said: "show or hide the controls", act: panel },
    { key: "s", said: "save as PNG", act: () => save("png") },
    { key: "Shift+s", shown: "Shift s", said: "save as SVG", act: () => save("svg") },
  ]);

  follow();
}

/** @param {Art} art @param {Drawn} drawn */
function svg(art, { scene, placement }) {
  const provenance = document.getElementById("provenance")?.textContent ?? "";
  return svgText(scene, placement, art.page, { title: art.title, provenance });
}

/** Show what is said of the piece, all of it as text. @param {Art} art */
function describe(art) {
  document.title = art.title;
  document.body.style.setProperty("--aspect", String(art.page.width / art.page.height));
  $("title").textContent = art.title;
  $("description").textContent = art.description;
  $("picture").setAttribute("aria-label", art.alt || art.description || art.title);
  $("fixed").hidden = art.fixed.length === 0;
  $("fixed").querySelector("dl")?.replaceChildren(
    ...art.fixed.flatMap(({ name, value, why }) => [
      h("dt", {}, name.replaceAll("_", " ")),
      h("dd", {}, h("span", {}, typeof value === "string" ? value : JSON.stringify(value)), h("small", {}, why)),
    ]),
  );
}

/** One line below the picture, of what is wrong; nothing more is to be waited for then. @param {string} text */
function tell(text) {
  if (text) $("frame").setAttribute("aria-busy", "false");
  if ($("error").textContent !== text) $("error").textContent = text;
}

/** One line below the picture, of what is only to be known. @param {string} text */
function note(text) {
  $("note").textContent = text;
}

/** The button for full screen, where there is such a thing; what it does. */
function fullScreen() {
  const stage = $("stage");
  if (!document.fullscreenEnabled || !stage.requestFullscreen) return null;
  const toggle = () => (document.fullscreenElement ? document.exitFullscreen() : stage.requestFullscreen());
  let timer = 0;
  const awake = () => {
    clearTimeout(timer);
    delete document.body.dataset.idle;
    if (document.fullscreenElement) timer = setTimeout(() => (document.body.dataset.idle = ""), IDLE);
  };
  for (const kind of ["pointermove", "pointerdown", "keydown"]) document.addEventListener(kind, awake);
  document.addEventListener("fullscreenchange", () => {
    $("full").replaceChildren(icon(document.fullscreenElement ? "small" : "full"));
    awake();
  });
  $("full").hidden = false;
  $("full").addEventListener("click", toggle);
  return toggle;
}

/** The button of the panel; what it does. */
function panelButton() {
  const toggle = () => {
    const open = $("panel").hidden;
    $("panel").hidden = !open;
    $("hide").setAttribute("aria-expanded", String(open));
    document.body.dataset.panel = open ? "open" : "closed";
  };
  $("hide").addEventListener("click", toggle);
  return toggle;
}
