// A film: played from the frames that are there, which stay.

import { $, icon } from "./dom.js";
import { arrived, ask, rest } from "./picture_requests.js";
import { on, send } from "./socket.js";
import * as viewport from "./viewport.js";
import { changed, key, settings, state } from "./state.js";

const LIVELY = 800; // px

let frames = new Map(); // pictures by number
let made = ""; // of which settings
let count = 0;
let playing = false;
let rolls = 0; // the number of the last request for frames
let rolling = false; // whether they are on their way
let clock = 0; // ms of the film that have been played
let before = 0;
let drawing = false;

/** Whether the sketch in hand is a film. */
export const isFilm = () => count > 0;

changed(({ fresh }) => {
  if (fresh) pause();
  if (fresh || key() !== made) forget();
});

function forget() {
  frames = new Map();
  made = key();
  rolling = false;
  track();
}

arrived((head) => {
  count = head.frames;
  $("film").hidden = !count;
  if (!count) return;
  state.frame = head.frame;
  track();
  rolling = false; // the studio has put the picture before the film
  if (playing) roll();
});

/** Show where the film stands. */
function track() {
  const head = $("head");
  head.max = Math.max(1, count - 1);
  head.value = state.frame ?? 0;
  $("rolled").value = count ? frames.size / count : 0;
  const seconds = (n) => (n / (state.sketch?.fps ?? 25)).toFixed(2);
  $("time").textContent = `${seconds(state.frame ?? 0)} / ${seconds(count)} s`;
  head.setAttribute("aria-valuetext", `${seconds(state.frame ?? 0)} seconds`);
}

/** Ask for the frames that are missing, from the one that is seen. */
function roll() {
  if (rolling || frames.size >= count) return;
  let first = state.frame ?? 0;
  while (frames.has(first)) first = (first + 1) % count;
  rolling = true;
  rolls += 1;
  send("frames", { id: rolls, ...settings(), px: viewport.wanted(LIVELY).px, first });
}

on("frames", (head, bytes) => {
  if (head.id !== rolls || !rolling) return;
  if (head.done) {
    rolling = false;
    if (playing && !head.error) roll();
    return;
  }
  frames.set(head.frame, new Blob([bytes]));
  $("rolled").value = frames.size / count;
});

function pause() {
  if (!playing) return;
  playing = false;
  face();
  rest();
}

/** Play, or pause. */
export function toggle() {
  if (!isFilm()) return;
  if (playing) {
    pause();
    return;
  }
  playing = true;
  rest.cancel();
  viewport.fit();
  rest.cancel();
  clock = ((state.frame ?? 0) * 1000) / state.sketch.fps;
  before = performance.now();
  face();
  roll();
  requestAnimationFrame(tick);
}

function face() {
  const word = playing ? "Pause" : "Play";
  $("play").replaceChildren(icon(word.toLowerCase()));
  $("play").title = `${word} (space)`;
  $("play").setAttribute("aria-label", word);
  $("film").dataset.playing = playing;
}

function tick(now) {
  if (!playing) return;
  requestAnimationFrame(tick);
  const each = 1000 / state.sketch.fps;
  const next = clock + Math.min(now - before, 250) * Number($("speed").value);
  before = now;
  const wanted = Math.floor(next / each) % count;
  if (wanted === state.frame) {
    clock = next;
  } else if (frames.has(wanted)) {
    if (drawing) return;
    clock = next;
    draw(wanted);
  } else {
    // The film waits for what is not there yet, and shows what comes next.
    const following = ((state.frame ?? 0) + 1) % count;
    if (!drawing && frames.has(following)) {
      clock = following * each;
      draw(following);
    }
  }
}

async function draw(number) {
  drawing = true;
  const bitmap = await createImageBitmap(frames.get(number));
  drawing = false;
  state.frame = number;
  viewport.showFrame(bitmap);
  $("viewport").dataset.frame = number;
  track();
}

/** Go to a frame. */
export function go(number) {
  if (!isFilm()) return;
  const frame = ((number % count) + count) % count;
  clock = (frame * 1000) / state.sketch.fps;
  state.frame = frame;
  track();
  if (frames.has(frame) && !drawing) draw(frame);
  else if (!playing) ask("jpeg");
  if (!playing) rest();
}

/** Go some frames on, or back. */
export function step(by) {
  pause();
  go((state.frame ?? 0) + by);
}

$("play").addEventListener("click", toggle);
$("previous").addEventListener("click", () => step(-1));
$("next").addEventListener("click", () => step(1));
$("head").addEventListener("input", ({ target }) => go(Number(target.value)));
face();
