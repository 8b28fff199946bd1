// A film's playhead: moved by the clock while it plays, and by hand.

import { $, icon } from "./elements.js";

/** @import { Art } from "./art.js" */

const SEEN_AS_STEPS = 20; // frames a second; a film of fewer is meant to have them
const LONGEST = 250; // ms between two frames: what is more was a pause of the machine

/**
 * The player of a film. It calls `show(u)` to have the frame at a playhead seen, and plays by
 * itself only where the screen's owner likes motion; while nobody can see the film, it waits. At
 * `rest` it begins with the still.
 * @param {Art} art
 * @param {number} frames
 * @param {(u: number) => void} show
 * @param {boolean} [rest]
 */
export function makePlayer(art, frames, show, rest = false) {
  const calm = rest || matchMedia("(prefers-reduced-motion: reduce)").matches;
  const head = $("head");
  const speed = $("speed");
  const duration = frames / art.fps; // s
  const last = (frames - 1) / frames;
  let u = calm ? Math.min(last, art.at) : 0;
  let playing = false;
  let loops = true;
  let onScreen = true;
  let before = NaN; // ms, when the screen was painted that shows the playhead; NaN at first
  let running = false;

  head.max = String(frames - 1);

  function tell() {
    const frame = Math.min(frames - 1, Math.floor(u * frames + 1e-6));
    const seconds = u * duration;
    head.value = String(frame);
    head.style.setProperty("--share", String(frames > 1 ? Math.min(1, u / last) : 0));
    head.setAttribute("aria-valuetext", `${seconds.toFixed(2)} of ${duration.toFixed(2)} seconds`);
    $("time").textContent = `${seconds.toFixed(2)} / ${duration.toFixed(2)} s`;
  }

  function face() {
    const word = playing ? "Pause" : "Play";
    $("play").replaceChildren(icon(word.toLowerCase()));
    $("play").title = `${word} (space)`;
    $("play").setAttribute("aria-label", word);
    document.body.dataset.playing = String(playing);
  }

  /** @param {number} to */
  function move(to) {
    u = to;
    tell();
    show(u);
  }

  /** @param {number} now */
  function tick(now) {
    running = playing && onScreen && !document.hidden;
    if (!running) return;
    requestAnimationFrame(tick);
    // By the screen's own clock: the page's may be ahead of it, by as long as a picture takes.
    const passed = Math.min(now - before, LONGEST) || 0;
    const next = u + (passed / 1000 / duration) * Number(speed.value);
    if (!passed) before = now;
    else if (art.fps < SEEN_AS_STEPS) {
      // What is left of a frame's time stays with the clock.
      const frame = Math.floor(next * frames + 1e-9);
      if (frame === Math.floor(u * frames + 1e-9)) return;
      before = now;
      reach(frame / frames);
    } else {
      before = now;
      reach(next);
    }
  }

  /** @param {number} next */
  function reach(next) {
    if (next < 1 && (loops || next < last)) move(next);
    else if (loops) move(next % 1);
    else {
      pause();
      move(last);
    }
  }

  function run() {
    if (running || !playing || !onScreen || document.hidden) return;
    running = true;
    before = NaN;
    requestAnimationFrame(tick);
  }

  function pause() {
    playing = false;
    face();
  }

  function toggle() {
    if (playing) return pause();
    playing = true;
    if (!loops && u >= last - 1e-9) move(0);
    face();
    run();
  }

  /** Pause, and go to a frame. @param {number} frame */
  function go(frame) {
    pause();
    move(Math.min(frames - 1, Math.max(0, frame)) / frames);
  }

  /** Pause, and go some frames on or back, over the end to the beginning. @param {number} by */
  function step(by) {
    const frame = Math.floor(u * frames + 1e-6) + by;
    go(loops ? ((frame % frames) + frames) % frames : frame);
  }

  function toggleLoop() {
    loops = !loops;
    $("loop").setAttribute("aria-pressed", String(loops));
  }

  /** A speed up or down. @param {number} by */
  function faster(by) {
    speed.selectedIndex = Math.min(speed.length - 1, Math.max(0, speed.selectedIndex + by));
  }

  $("film").hidden = false;
  $("play").addEventListener("click", toggle);
  $("loop").addEventListener("click", toggleLoop);
  head.addEventListener("input", () => go(Number(head.value)));
  $("picture").addEventListener("click", toggle);
  document.addEventListener("visibilitychange", run);
  new IntersectionObserver(([entry]) => {
    onScreen = entry.isIntersecting;
    run();
  }).observe($("picture"));
  face();
  tell();

  return {
    /** The playhead that is seen. */
    get u() {
      return u;
    },
    /** Play by itself, if that is wanted. */
    begin() {
      if (!calm) toggle();
    },
    pause,
    toggle,
    step,
    first: () => go(0),
    last: () => go(frames - 1),
    toggleLoop,
    faster,
  };
}
