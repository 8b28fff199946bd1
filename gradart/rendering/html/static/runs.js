// Things that follow one another and are alike.

/**
 * Runs of items with the same key, in order.
 * @template T
 * @param {T[]} items
 * @param {(item: T) => unknown} key
 * @returns {T[][]}
 */
export function runsBy(items, key) {
  /** @type {T[][]} */
  const runs = [];
  let last;
  for (const item of items) {
    const now = key(item);
    if (runs.length && now === last) runs[runs.length - 1].push(item);
    else runs.push([item]);
    last = now;
  }
  return runs;
}
