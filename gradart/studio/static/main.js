// The page: what comes from the studio, and what hand and keys do.

import { resetAll, roll } from "./controls.js";
import { $, hang } from "./dom.js";
import { answeredAll, arrived, ask, complain } from "./easel.js";
import { connect, on, send } from "./socket.js";
import * as stage from "./stage.js";
import { canRedo, canUndo, changed, redo, set, shuffled, state, take, undo } from "./state.js";

let studio = null; // what the studio has said of itself
let opened = null;

hang();

function open(name) {
  opened = name;
  stage.clear();
  state.sketch = null;
  state.frame = null;
  complain("load", null);
  complain("draw", null);
  send("open", { sketch: name });
  $("state").textContent = "Loading";
  document.body.dataset.view = "sketch";
}

on("studio", (head) => {
  if (head.error) {
    complain("load", head.error);
    return;
  }
  studio = head;
  open(null);
});

on("closed", () => {
  answeredAll();
  $("state").textContent = "The studio is not running";
});

on("load", (head) => {
  $("state").textContent = "";
  if (head.halted) return;
  complain("load", head.error ?? null);
  if (head.error) return;
  complain("draw", null);
  const { sketch } = head;
  document.title = `${sketch.name} · gradart`;
  $("title").textContent = sketch.name.replaceAll("_", " ");
  $("about").textContent = sketch.title;
  $("canvas").setAttribute("aria-label", sketch.title || sketch.name);
  state.sketch = state.sketch ?? null;
  take(sketch);
});

changed(() => {
  $("undo").disabled = !canUndo();
  $("redo").disabled = !canRedo();
});

arrived((head) => {
  const items = head.notes.map((note) => {
    const item = document.createElement("li");
    item.textContent = note;
    return item;
  });
  $("notes").replaceChildren(...items);
  const parts = Object.entries(head.stages).filter(([, ms]) => ms >= 0.5);
  $("stages").textContent = parts.map(([name, ms]) => `${name} ${Math.round(ms)}`).join(" · ") + " ms";
});

stage.moved(() => {
  $("closeness").textContent = stage.closeness();
});

$("undo").addEventListener("click", undo);
$("redo").addEventListener("click", redo);
$("fit").addEventListener("click", stage.fit);
$("shuffle").addEventListener("click", () => set(shuffled()));

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input:not([type=range]), select, textarea");
  const key = event.key.toLowerCase();
  if ((event.ctrlKey || event.metaKey) && key === "z" && !typing) {
    event.preventDefault();
    (event.shiftKey ? redo : undo)();
  }
});

connect();
