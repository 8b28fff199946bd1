// Asks for pictures and shows them. The newest is what counts; older ones are not waited for.

import { $, debounced } from "./dom.js";
import { on, send } from "./socket.js";
import * as viewport from "./viewport.js";
import { changed, key, settings, state } from "./state.js";

const LIVELY = 800; // px, at most, while something moves
const SHARP = 4096; // px, at most, when it rests
const SLOW = 700; // ms, after which the page says that it is waiting

let last = 0; // the number of the newest request
let answered = 0;
const asked = new Map(); // the requests under way, by number
const listeners = [];

/** Listen to pictures that come: listener(head, request). */
export const arrived = (listener) => listeners.push(listener);

/** Ask for a picture: "jpeg" at once, "png" in full. */
export function ask(kind) {
  if (!state.sketch) return;
  const { px, view } = viewport.wanted(kind === "jpeg" ? LIVELY : SHARP);
  last += 1;
  const request = { id: last, ...settings(), px, frame: state.frame, kind, view };
  asked.set(last, { view, kind, key: key() });
  send("draw", request);
  $("viewport").dataset.asked = last;
  slow();
}

/** Ask in full, once all is at rest. */
export const rest = debounced(200, () => ask("png"));

const slow = debounced(SLOW, () => {
  if (loading || answered < last) $("waiting").hidden = false;
});

let loading = false;

/** The studio has begun to load the sketch, or ended. */
export function loadingIs(now) {
  loading = now;
  if (now) slow();
  else $("waiting").hidden = answered === last;
}

export function answeredAll() {
  answered = last;
  loading = false;
  asked.clear();
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
  if (state.sketch && answered) rest();
});

on("draw", async (head, bytes) => {
  const request = asked.get(head.id);
  if (!request || head.id < answered) return;
  answered = head.id;
  if (answered === last && !loading) $("waiting").hidden = true;
  for (const id of asked.keys()) if (id <= head.id) asked.delete(id);
  if (head.interrupted) return;
  if (head.error) {
    complain("draw", head.error);
    return;
  }
  const bitmap = await createImageBitmap(new Blob([bytes]));
  if (head.id < answered && !request.view) {
    bitmap.close();
    return;
  }
  complain("draw", null);
  viewport.show(head, bitmap, request.view);
  for (const listener of listeners) listener(head, request);
  Object.assign($("viewport").dataset, { shown: head.id, kind: request.kind });
});

const wrong = { load: null, draw: null };

/** Say what is wrong, over the last good picture; null takes it away. */
export function complain(what, text) {
  wrong[what] = text;
  const said = wrong.load ?? wrong.draw;
  $("error").hidden = !said;
  $("message").textContent = said ?? "";
}

$("stop").addEventListener("click", () => send("stop"));
