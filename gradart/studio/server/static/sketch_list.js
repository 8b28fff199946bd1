// The sketches of a folder, as a wall of small pictures.

import { $, h, paint } from "./dom.js";
import { on, send } from "./socket.js";

const PX = 380;

const address = (name) => `#${encodeURIComponent(name)}`;

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

function card(name, title = "") {
  const canvas = h("canvas", { width: 4, height: 4 });
  const strong = h("strong", {}, name.replaceAll("_", " "));
  const text = h("span", {}, strong, h("span", { className: "help" }, title));
  return h("a", { className: "card", href: address(name) }, canvas, text);
}

on("list", (head, bytes) => {
  const list = $("sketches");
  if (head.names) {
    const items = head.names.map((name) => h("li", { "data-file": name }, card(name)));
    list.replaceChildren(...items);
  }
  if (!head.address) return;
  const item = [...list.children].find((one) => one.dataset.file === head.of_file);
  if (!item) return;
  const one = card(head.address, head.title);
  one.querySelector("strong").textContent = head.name.replaceAll("_", " ");
  if (head.wrong) one.append(h("span", { className: "help wrong" }, head.wrong));
  else paint(one.querySelector("canvas"), bytes).then(() => (item.dataset.drawn = ""));
  if (item.dataset.seen) item.after(h("li", { "data-file": head.of_file, "data-seen": "" }, one));
  else item.replaceChildren(one);
  item.dataset.seen = "yes";
});
