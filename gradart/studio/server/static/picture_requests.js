// Asks for pictures and shows them. The newest is what counts; older ones are not waited for.

import { $, debounced } from "./dom.js";
import { on, send } from "./socket.js";
import * as viewport from "./viewport.js";
import { changed, key, settings, state } from "./state.js";

const LIVELY = 800; // px, at most, while something moves
const SHARP = 4096; // px, at most, when it rests
const SLOW = 700; // ms, after which the page says that it is waiting

const { requests } = state;
/** @import { Answers } from "./messages.js" */
/** @import { Asked } from "./state.js" */

/** @type {((head: Answers["draw"], request: Asked) => void)[]} */
const listeners = [];

/** Listen to pictures that come. @param {(head: Answers["draw"], request: Asked) => void} listener */
export const arrived = (listener) => listeners.push(listener);

/** Ask for a picture: "jpeg" at once, "png" in full. @param {"jpeg" | "png"} kind */
export function ask(kind) {
  if (!state.sketch) return;
  const { px, view } = viewport.wanted(kind === "jpeg" ? LIVELY : SHARP);
  requests.last += 1;
  const held = state.drag.grip !== null;
  const request = { id: requests.last, ...settings(), px, frame: state.frame, kind, view, held };
  requests.asked.set(requests.last, { view, kind, frame: state.frame, key: key(), held });
  send("draw", request);
  $("viewport").dataset.asked = String(requests.last);
  slow();
}

/** Ask in full, once all is at rest. */
export const rest = debounced(200, () => ask("png"));

const slow = debounced(SLOW, () => {
  if (requests.loading || requests.answered < requests.last) $("waiting").hidden = false;
});


/** The studio has begun to load the sketch, or ended. */
export function loadingIs(now) {
  requests.loading = now;
  if (now) slow();
  else $("waiting").hidden = requests.answered === requests.last;
}

export function answeredAll() {
  requests.answered = requests.last;
  requests.loading = false;
  requests.asked.clear();
  $("waiting").hidden = true;
}

changed(({ live }) => {
  if (live) {
    ask("jpeg");
    rest();
  } else {
    rest.cancel();
    ask("png");
  }
});

viewport.moved(() => {
  if (state.sketch && requests.answered) rest();
});

on("draw", async (head, bytes) => {
  const id = head.id ?? 0;
  const request = requests.asked.get(id);
  if (!request || id < requests.answered) return;
  requests.answered = id;
  if (requests.answered === requests.last && !requests.loading) $("waiting").hidden = true;
  for (const earlier of requests.asked.keys()) {
    if (earlier <= id) requests.asked.delete(earlier);
  }
  if (head.interrupted) return;
  if (head.error) {
    complain("draw", head.error);
    return;
  }
  const bitmap = await createImageBitmap(new Blob([bytes]));
  if (id < requests.answered && !request.view) {
    bitmap.close();
    return;
  }
  complain("draw", null);
  viewport.show(head, bitmap, request.view);
  for (const listener of listeners) listener(head, request);
  Object.assign($("viewport").dataset, { shown: String(id), kind: request.kind });
});

/**
 * Say what is wrong, over the last good picture; null takes it away.
 * @param {"load" | "draw"} what
 * @param {string | null} text
 */
export function complain(what, text) {
  requests.wrong[what] = text;
  const said = requests.wrong.load ?? requests.wrong.draw;
  $("error").hidden = !said;
  $("message").textContent = said ?? "";
}

$("stop").addEventListener("click", () => send("stop", {}));
