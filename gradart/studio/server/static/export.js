// Files: the bytes that `gradart run` would write, made beside the page and sent to it.

import { $ } from "./dom.js";
import { isFilm } from "./film.js";
import { h } from "./markup.js";
import { on, send } from "./socket.js";
import { arrived } from "./picture_requests.js";
import { changed, settings, state } from "./state.js";

/** @import { Format } from "./messages.d.ts" */

/** A button for each format that the sketch's art can become; the studio tells which there are. */
function formats() {
  const some = (state.sketch?.formats ?? []).filter(({ kind }) => isFilm() || kind !== "film");
  if ($("formats").children.length === some.length) return;
  const buttons = some.map((format) =>
    h("button", { type: "button", onclick: () => start(format) }, word(format)),
  );
  $("formats").replaceChildren(...buttons);
}

arrived(formats);
changed(({ fresh }) => {
  if (fresh) $("exporterror").textContent = "";
});

/** @param {Format} format */
const word = ({ suffix }) => suffix.slice(1).toUpperCase();

/** @param {Format} format */
function start(format) {
  const options = $("px").value === "" ? {} : { px: Number($("px").value) };
  const frame = isFilm() && format.kind === "still" ? state.frame : null;
  $("exporterror").textContent = "";
  $("exportname").textContent = word(format);
  $("exported").removeAttribute("value");
  $("exporting").hidden = false;
  send("export", { ...settings(), frame, ending: format.suffix, options });
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
