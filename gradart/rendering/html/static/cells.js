// The cells of a picture: small ones are a photograph, larger ones stay rectangles.

const CRISP = 1; // mm; cells that are larger stay cells, smaller ones are a photograph

/**
 * Whether a picture's cells are drawn as rectangles: they are `across` by `down` mm.
 * @param {number} across
 * @param {number} down
 */
export const isCrisp = (across, down) => Math.min(across, down) > CRISP;
