// Files: the bytes that `gradart run` would write, made beside the page and sent to it.

import { $, h } from "./dom.js";
import { isFilm } from "./film.js";
import { on, send } from "./socket.js";
import { arrived } from "./picture_requests.js";
import { changed, settings, state } from "./state.js";

const STILLS = ["png", "svg", "pdf"];
const FILMS = ["gif", "mp4", "webp"];

function formats() {
  const words = isFilm() ? [...STILLS, ...FILMS] : STILLS;
  if ($("formats").children.length === words.length) return;
  const buttons = words.map((word) =>
    h("button", { type: "button", onclick: () => start(word) }, word.toUpperCase()),
  );
  $("formats").replaceChildren(...buttons);
}

arrived(formats);
changed(({ fresh }) => {
  if (fresh) $("exporterror").textContent = "";
});

function start(word) {
  const px = $("px").value === "" ? null : Number($("px").value);
  const frame = isFilm() && STILLS.includes(word) ? state.frame : null;
  $("exporterror").textContent = "";
  $("exportname").textContent = word.toUpperCase();
  $("exported").removeAttribute("value");
  $("exporting").hidden = false;
  send("export", { ...settings(), frame, ending: `.${word}`, px });
}

on("export", (head, bytes) => {
  if (!head.done) {
    $("exported").value = head.frame / head.frames;
    return;
  }
  $("exporting").hidden = true;
  $("exporterror").textContent = head.error ?? "";
  if (!head.name) return;
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  h("a", { href: url, download: head.name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
});

on("closed", () => {
  $("exporting").hidden = true;
});

$("cancel").addEventListener("click", () => send("cancel", {}));
