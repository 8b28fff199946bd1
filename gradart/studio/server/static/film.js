// A film: played from the frames that are there, which stay.

import { $, icon } from "./dom.js";
import { arrived, ask, rest } from "./picture_requests.js";
import { on, send } from "./socket.js";
import * as viewport from "./viewport.js";
import { changed, key, loaded, settings, state } from "./state.js";

const LIVELY = 800; // px
const { film } = state;


/** Whether the sketch in hand is a film. */
export const isFilm = () => film.count > 0;

changed(({ fresh }) => {
  if (fresh) pause();
  if (fresh || key() !== film.made) forget();
});

function forget() {
  film.frames = new Map();
  film.made = key();
  film.arriving = false;
  track();
}

arrived((head, { frame }) => {
  film.count = head.frames;
  $("film").hidden = !film.count;
  if (!film.count) return;
  // A late picture of another frame does not take the playhead back.
  if (state.frame === null || state.frame === frame) state.frame = head.frame;
  track();
  film.arriving = false; // the studio has put the picture before the film
  if (film.playing) roll();
});

/** Show where the film stands. */
function track() {
  const head = $("head");
  head.max = String(Math.max(1, film.count - 1));
  head.value = String(state.frame ?? 0);
  $("rolled").value = film.count ? film.frames.size / film.count : 0;
  const seconds = (n) => (n / (state.sketch?.fps ?? 25)).toFixed(2);
  $("time").textContent = `${seconds(state.frame ?? 0)} / ${seconds(film.count)} s`;
  head.setAttribute("aria-valuetext", `${seconds(state.frame ?? 0)} seconds`);
}

/** Ask for the frames that are missing, from the one that is seen. */
function roll() {
  if (film.arriving || film.frames.size >= film.count) return;
  let first = state.frame ?? 0;
  while (film.frames.has(first)) first = (first + 1) % film.count;
  film.arriving = true;
  film.request += 1;
  send("frames", { id: film.request, ...settings(), px: viewport.wanted(LIVELY).px, first });
}

on("frames", (head, bytes) => {
  if (head.id !== film.request || !film.arriving) return;
  if (head.done) {
    film.arriving = false;
    if (film.playing && !head.error) roll();
    return;
  }
  film.frames.set(head.frame, new Blob([bytes]));
  $("rolled").value = film.frames.size / film.count;
});

function pause() {
  if (!film.playing) return;
  film.playing = false;
  face();
  rest();
}

/** Play, or pause. */
export function toggle() {
  if (!isFilm()) return;
  if (film.playing) {
    pause();
    return;
  }
  film.playing = true;
  rest.cancel();
  viewport.fit();
  rest.cancel();
  film.clock = ((state.frame ?? 0) * 1000) / loaded().fps;
  film.before = performance.now();
  face();
  roll();
  requestAnimationFrame(tick);
}

function face() {
  const word = film.playing ? "Pause" : "Play";
  $("play").replaceChildren(icon(word.toLowerCase()));
  $("play").title = `${word} (space)`;
  $("play").setAttribute("aria-label", word);
  $("film").dataset.playing = String(film.playing);
}

function tick(now) {
  if (!film.playing) return;
  requestAnimationFrame(tick);
  const each = 1000 / loaded().fps;
  const next = film.clock + Math.min(now - film.before, 250) * Number($("speed").value);
  film.before = now;
  const wanted = Math.floor(next / each) % film.count;
  if (wanted === state.frame) {
    film.clock = next;
  } else if (film.frames.has(wanted)) {
    if (film.drawing) return;
    film.clock = next;
    draw(wanted);
  } else {
    // The film waits for what is not there yet, and shows what comes next.
    const following = ((state.frame ?? 0) + 1) % film.count;
    if (!film.drawing && film.frames.has(following)) {
      film.clock = following * each;
      draw(following);
    }
  }
}

/** @param {number} number of a frame that is there */
async function draw(number) {
  film.drawing = true;
  const bitmap = await createImageBitmap(/** @type {Blob} */ (film.frames.get(number)));
  film.drawing = false;
  state.frame = number;
  viewport.showFrame(bitmap);
  $("viewport").dataset.frame = String(number);
  track();
}

/** Go to a frame. */
export function go(number) {
  if (!isFilm()) return;
  const frame = ((number % film.count) + film.count) % film.count;
  film.clock = (frame * 1000) / loaded().fps;
  state.frame = frame;
  track();
  if (film.frames.has(frame) && !film.drawing) draw(frame);
  else if (!film.playing) ask("jpeg");
  if (!film.playing) rest();
}

/** Go some frames on, or back. */
export function step(by) {
  pause();
  go((state.frame ?? 0) + by);
}

$("play").addEventListener("click", toggle);
$("previous").addEventListener("click", () => step(-1));
$("next").addEventListener("click", () => step(1));
$("head").addEventListener("input", () => go(Number($("head").value)));
face();
