// The page: what comes from the studio, and what hand and keys do.

import "./controls.js";
import { $, addIcons } from "./dom.js";
import { h } from "./markup.js";
import { answeredAll, arrived, complain, loadingIs } from "./picture_requests.js";
import "./export.js";
import "./film.js";
import "./handles.js"; // which take the pointer before the drawing does
import "./drag.js";
import "./variations.js";
import "./saved.js";
import "./keyboard.js";
import * as sketchList from "./sketch_list.js";
import "./inspector.js";
import { connect, on, send } from "./socket.js";
import { shuffle } from "./movements.js";
import * as viewport from "./viewport.js";
import { canRedo, canUndo, changed, redo, state, adopt, undo } from "./state.js";

const STAGES = ["trace", "compile", "compute", "paint", "encode"];
const time = (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

addIcons();

/** Take a sketch in hand. */
function open(name) {
  state.opened = name;
  Object.assign(state, { sketch: null, frame: null });
  viewport.clear();
  complain("load", null);
  complain("draw", null);
  sketchList.close();
  document.body.dataset.view = "sketch";
  $("state").textContent = "Loading";
  $("back").hidden = !state.studio?.folder;
  send("open", { sketch: name });
}

/** Show what the address asks for: a sketch of the folder, or the list of all. */
function follow() {
  if (!state.studio) return;
  if (state.studio.folder && !sketchList.asked()) {
    state.sketch = null;
    $("back").hidden = true;
    sketchList.open(state.studio.title);
  } else open(sketchList.asked() || null);
}

on("studio", (head) => {
  if (head.error) complain("load", head.error);
  else if (state.sketch) send("open", { sketch: state.opened }); // the line was lost for a while
  else {
    state.studio = head;
    follow();
  }
});

addEventListener("hashchange", follow);
$("back").addEventListener("click", () => (location.hash = ""));

on("closed", () => {
  answeredAll();
  $("state").textContent = "The studio is not running";
});

on("load", (head) => {
  loadingIs(!head.done);
  if (head.begun) return;
  $("state").textContent = "";
  if (head.interrupted) return;
  complain("load", head.error ?? null);
  if (head.error) return;
  complain("draw", null);
  const { sketch } = head;
  document.title = `${sketch.name} · gradart`;
  $("title").textContent = sketch.name.replaceAll("_", " ");
  $("about").textContent = sketch.title;
  $("canvas").setAttribute("aria-label", sketch.title || sketch.name);
  adopt(sketch);
});

changed(() => {
  $("undo").disabled = !canUndo();
  $("redo").disabled = !canRedo();
});

arrived((head) => {
  $("notes").replaceChildren(...head.notes.map((note) => h("li", {}, note)));
  const taken = STAGES.filter((name) => head.stages[name] >= 0.5);
  $("stages").textContent = taken.map((name) => `${name} ${time(head.stages[name])}`).join(" · ");
});

viewport.moved(() => {
  $("closeness").textContent = viewport.closeness();
});

$("undo").addEventListener("click", undo);
$("redo").addEventListener("click", redo);
$("fit").addEventListener("click", viewport.fit);
$("shuffle").addEventListener("click", shuffle);

connect();
