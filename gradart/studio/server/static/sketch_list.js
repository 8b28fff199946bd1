// The sketches of a folder, as a wall of small pictures.

import { $, h, paint } from "./dom.js";
import { on, send } from "./socket.js";

const PX = 380;

const address = (/** @type {string} */ name) => `#${encodeURIComponent(name)}`;

/** The name of the sketch that the address asks for; empty for the list. */
export const asked = () => decodeURIComponent(location.hash.slice(1));

/**
 * Show the list; its pictures come by and by.
 * @param {string} title
 */
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

/**
 * A link to a sketch, with a canvas for its picture.
 * @param {string} place
 * @param {string} name
 */
function card(place, name, title = "") {
  const canvas = h("canvas", { width: 4, height: 4 });
  const strong = h("strong", {}, name.replaceAll("_", " "));
  const text = h("span", {}, strong, h("span", { className: "help" }, title));
  return { canvas, link: h("a", { className: "card", href: address(place) }, canvas, text) };
}

on("list", (head, bytes) => {
  const list = $("sketches");
  if (head.names) {
    const items = head.names.map((name) => h("li", { "data-file": name }, card(name, name).link));
    list.replaceChildren(...items);
  }
  if (!head.place) return;
  const items = /** @type {HTMLElement[]} */ ([...list.children]);
  const item = items.find((one) => one.dataset.file === head.of_file);
  if (!item) return;
  const { canvas, link } = card(head.place, head.name, head.title);
  if (head.wrong) link.append(h("span", { className: "help wrong" }, head.wrong));
  else paint(canvas, bytes).then(() => (item.dataset.drawn = ""));
  if (item.dataset.seen) item.after(h("li", { "data-file": head.of_file, "data-seen": "" }, link));
  else item.replaceChildren(link);
  item.dataset.seen = "yes";
});
