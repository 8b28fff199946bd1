// What a scene is in the page: types, which the other files name in their comments.

/**
 * An array's numbers, row by row. Of a program's outputs the buffer is the same at every call, and
 * filled anew.
 * @typedef {{
 *   data: Float64Array | Int32Array | Uint32Array | Uint8Array,
 *   shape: readonly number[],
 * }} Numbers
 */

/**
 * How a mark meets what lies below it. Without an exposure, one is found.
 * @typedef {{
 *   kind: "over" | "ink" | "light",
 *   exposure: number | null,
 *   embed: boolean,
 * }} Blend
 */

/**
 * Colors that change over the drawing, as a fill: from the first of the ends (2, 2) to the second,
 * or in circles around the first through the second; the stops (k, 4) are evenly spaced.
 * @typedef {{ kind: "linear" | "radial", ends: Numbers, stops: Numbers }} Gradient
 */

/**
 * A shape and its style. Points are (n, m, 2) of lines, (n, 3 k + 1, 2) of Beziers, (n, 2) the
 * centers of dots, and (h, w, 4) the pixels of a raster, of which row 0 is at its first corner.
 *
 * They are in the artist's units, y up; width, radius, and Beziers around an anchor (2,), in mm. A
 * NaN lifts the pen. Colors are sRGB with straight alpha, in [0, 1]: (4,), or (n, 4) of each row.
 * @typedef {{
 *   kind: "lines" | "beziers" | "dots" | "raster",
 *   closed: boolean,
 *   moves: boolean,
 *   points: Numbers,
 *   radius: Numbers | null,
 *   corners: Numbers | null,
 *   anchor: Numbers | null,
 *   stroke: Numbers | null,
 *   fill: Numbers | null,
 *   width: Numbers,
 *   blend: Blend,
 *   gradient: Gradient | null,
 *   layer: Layer | null,
 * }} Shape
 */

/** The layer of an SVG that a mark is told to be in. @typedef {{ number: number, name: string }} Layer */

/**
 * Marks that are painted by themselves, and laid on what is below as one picture: seen by alpha (),
 * and, with a mask, where its marks are, as far as these are opaque. They are white.
 * @typedef {{
 *   kind: "group",
 *   marks: Mark[],
 *   mask: Mark[] | null,
 *   alpha: Numbers,
 *   mode: "normal" | GlobalCompositeOperation,
 *   moves: boolean,
 *   blend: Blend,
 *   layer: Layer | null,
 * }} Group
 */

/** @typedef {Shape | Group} Mark */

/**
 * Marks from back to front on paper (4,), null where that is left out. The box (2, 2) is what the
 * page shows inside its margin, null where the drawing is fitted; with `clip` all that it shows.
 * @typedef {{ paper: Numbers | null, box: Numbers | null, clip: boolean, marks: Mark[] }} Scene
 */

/** A page, in mm. @typedef {{ width: number, height: number, margin: number }} Sheet */

/**
 * The artist's (x, y) lies at (x * scale + dx, dy - y * scale) mm from the page's top left corner.
 * @typedef {{ scale: number, dx: number, dy: number }} Placement
 */

/**
 * Where the page's top left corner lies on a canvas, in its pixels.
 * @typedef {{ x: number, y: number }} Corner
 */

export {};
