// Things that follow one another and are alike.

/** @import { Mark } from "./scene.js" */

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

/** Runs of marks that are blended alike. @param {Mark[]} marks */
export function blendRuns(marks) {
  return runsBy(marks, ({ blend }) => `${blend.kind} ${blend.exposure ?? null}`);
}

/**
 * The runs of marks, and those within a run's groups after it.
 * @param {Mark[]} marks
 * @returns {Mark[][]}
 */
export function everyRun(marks) {
  return blendRuns(marks).flatMap((run) => [
    run, ...run.flatMap((mark) => (mark.kind === "group" ? everyRun(mark.marks) : [])),
  ]);
}
