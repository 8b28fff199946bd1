// The sketches of a folder, as a wall of small pictures.

import { $, paint } from "./dom.js";
import { h } from "./markup.js";
import { on, send } from "./socket.js";

const PX = 380;

/** @param {string} name */
const link = (name) => `#${encodeURIComponent(name)}`;

/** The name of the sketch that the address asks for; empty for the list. */
export const asked = () => decodeURIComponent(location.hash.slice(1));

/** Show the list; its pictures come by and by. */
export function open(title) {
  document.body.dataset.view = "list";
  document.title = `${title} · gradart`;
  $("title").textContent = title;
  $("list").hidden = false;
  send("list", { px: PX });
}

/** Hide the list. */
export function close() {
  $("list").hidden = true;
}

/** What opens a sketch by its address: a link with a picture and its name. */
function card(address, title = "", name = address) {
  const canvas = h("canvas", { width: 4, height: 4 });
  const strong = h("strong", {}, name.replaceAll("_", " "));
  const text = h("span", {}, strong, h("span", { className: "help" }, title));
  return { element: h("a", { className: "card", href: link(address) }, canvas, text), canvas };
}

on("list", (head, bytes) => {
  const list = $("sketches");
  if (head.names) {
    const items = head.names.map((name) => h("li", { "data-file": name }, card(name).element));
    list.replaceChildren(...items);
  }
  if (!head.address) return;
  const item = /** @type {HTMLElement[]} */ ([...list.children]).find((one) => one.dataset.file === head.of_file);
  if (!item) return;
  const { element, canvas } = card(head.address, head.title, head.name);
  if (head.wrong) element.append(h("span", { className: "help wrong" }, head.wrong));
  else paint(canvas, bytes).then(() => (item.dataset.drawn = ""));
  if (item.dataset.seen) item.after(h("li", { "data-file": head.of_file, "data-seen": "" }, element));
  else item.replaceChildren(element);
  item.dataset.seen = "yes";
});
