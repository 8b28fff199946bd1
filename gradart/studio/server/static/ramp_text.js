// Ramps as texts: colors, each with the percentage at which it stands, as the studio reads them.

/** @typedef {{ color: string, at: number }} Stop a hex code, and where it is, from 0 to 1 */

/**
 * The stops of a text like "#1b1b1e #c2410c 20% #f7f4ed"; those without a place stand evenly between
 * the others. A palette's paper, after "on", is none of them.
 * @param {string} text
 * @returns {Stop[]}
 */
export function stopsOf(text) {
  /** @type {{ color: string, at: number | null }[]} */
  const stops = [];
  for (const word of text.split(" on ")[0].split(/[\s,]+/).filter(Boolean)) {
    if (word.endsWith("%")) {
      if (stops.length) stops[stops.length - 1].at = parseFloat(word) / 100;
    } else stops.push({ color: word, at: null });
  }
  if (!stops.length) return [];
  stops[0].at ??= 0;
  stops[stops.length - 1].at ??= 1;
  let before = 0;
  return stops.map(({ color, at }, index) => {
    if (at !== null) {
      before = index;
      return { color, at };
    }
    const after = stops.findIndex((stop, later) => later > index && stop.at !== null);
    const [from, to] = [stops[before].at ?? 0, stops[after].at ?? 1];
    return { color, at: from + ((to - from) * (index - before)) / (after - before) };
  });
}

/**
 * The text of stops, in the studio's own spelling.
 * @param {Stop[]} stops
 */
export function textOf(stops) {
  const last = stops.length - 1;
  const even = stops.every(({ at }, index) => Math.abs(at - index / last) < 1e-6);
  return stops
    .map(({ color, at }, index) => {
      const usual = (index === 0 && at === 0) || (index === last && at === 1);
      return even || usual ? color : `${color} ${Number((100 * at).toPrecision(6))}%`;
    })
    .join(" ");
}
