// Elements and icons in few words, for the pages of pieces and the live page.

const SVG = "http://www.w3.org/2000/svg";

/**
 * A new element: properties, listeners (on...), attributes (aria-..., data-...), children. Texts
 * among the children stay texts, whatever stands in them.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} properties
 * @param {...any} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, properties = {}, ...children) {
  /** @type {any} */
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes("-")) element[name] = value;
    else element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** An icon of one line; beside it or on its button there is always a text that says what it is. @param {string} path */
export function iconOf(path) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", "icon");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** Put an icon on each button that names one. @param {Record<string, string>} paths by their names */
export function addIconsOf(paths) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-icon]"))) {
    element.prepend(iconOf(paths[element.dataset.icon ?? ""]));
  }
}
