// Groups of marks, which are laid on what is below as one picture, as gradart/drawing/groups.py has them.

/** @import { Group, Mark, Shape } from "./scene.js" */

/**
 * The marks that are no groups, and those in groups in their place; with `masks` theirs too.
 * @param {readonly Mark[]} marks
 * @param {boolean} [masks]
 * @returns {Shape[]}
 */
export function leaves(marks, masks = false) {
  return marks.flatMap((mark) => {
    if (mark.kind !== "group") return [mark];
    const inside = leaves(mark.marks, masks);
    return masks && mark.mask ? [...inside, ...leaves(mark.mask)] : inside;
  });
}

/** How much is seen of a group; an error where that is no share. @param {Group} group @param {string} what */
export function alphaOf({ alpha }, what) {
  const [value] = alpha.data;
  if (!(value >= 0 && value <= 1)) throw new Error(`${what}: alpha lies in [0, 1], this one is ${value}`);
  return value;
}
