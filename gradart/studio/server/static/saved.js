// What is kept: liked pictures, and presets.

import { $, icon, paint } from "./dom.js";
import { on, send } from "./socket.js";
import { changed, fits, loaded, set, settings, state } from "./state.js";
import { go, isFilm } from "./film.js";
import { h } from "./markup.js";

changed(({ fresh }) => {
  if (!fresh) return;
  $("liked").replaceChildren();
  $("nothing").hidden = false;
  send("liked", {});
  send("presets", {});
});

/** @import { Preset } from "./messages.js" */

/** Keep the picture that is seen. */
export function like() {
  if (!state.sketch) return;
  send("like", { ...settings(), frame: isFilm() ? state.frame : null });
  $("like").setAttribute("aria-pressed", "true");
  clearTimeout(state.likeTimer);
  state.likeTimer = setTimeout(() => $("like").removeAttribute("aria-pressed"), 1200);
}

/**
 * Set what a kept picture was made with, as far as the sketch still takes it.
 * @param {Preset & { at?: number }} made
 */
function restore({ values, seed, at }) {
  const known = loaded().parameters.filter((p) => p.name in values && fits(p, values[p.name]));
  if (isFilm() && at !== undefined) {
    go(Math.round(at * (Number($("head").max) + 1)));
  }
  set({ values: Object.fromEntries(known.map((p) => [p.name, values[p.name]])), seed });
}

function card(head, bytes) {
  const canvas = h("canvas", { width: 1, height: 1 });
  paint(canvas, bytes);
  const says = head.name.replace(/\.png$/, "").replaceAll("_", " ");
  const restoring = () => restore(head);
  const properties = { type: "button", title: says, "aria-label": `Restore ${says}` };
  return h("li", { "data-name": head.name }, h("button", { ...properties, onclick: restoring }, canvas));
}

function add(head, bytes, first) {
  const list = $("liked");
  for (const item of /** @type {HTMLElement[]} */ ([...list.children])) if (item.dataset.name === head.name) item.remove();
  list[first ? "prepend" : "append"](card(head, bytes));
  $("nothing").hidden = true;
}

on("like", (head, bytes) => {
  if (head.error) $("keeperror").textContent = head.error;
  else if (bytes.length) {
    $("keeperror").textContent = "";
    $("kept").open = true;
    add(head, bytes, true);
  }
});

on("liked", (head, bytes) => {
  if (bytes.length) add(head, bytes, false);
});

for (const kind of /** @type {const} */ (["presets", "save_preset", "delete_preset"])) {
  on(kind, (head) => {
    $("keeperror").textContent = head.error ?? "";
    if (head.error || !head.presets) return;
    if (kind === "save_preset") $("presetname").value = "";
    const items = Object.entries(head.presets).map(([name, preset]) => {
      const drop = { className: "quiet", type: "button", "aria-label": `Delete preset ${name}` };
      return h(
        "li",
        {},
        h("button", { type: "button", onclick: () => restore(preset) }, name),
        h("button", { ...drop, onclick: () => send("delete_preset", { name }) }, icon("close")),
      );
    });
    $("presetlist").replaceChildren(...items);
  });
}

$("like").addEventListener("click", like);
$("presets").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = $("presetname").value.trim();
  if (name) send("save_preset", { name, ...settings() });
});
