// JAX's random keys and bits: threefry-2x32 with 20 rounds, to the last bit.
// J. K. Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC11).

const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
];
const words = new Uint32Array(2);

/** Puts into `words` what a key makes of a counter of two words. @param {number} k0 @param {number} k1 @param {number} c0 @param {number} c1 */
function threefry(k0, k1, c0, c1) {
  const keys = [k0, k1, (k0 ^ k1 ^ 0x1bd11bda) >>> 0];
  let x = (c0 + k0) | 0;
  let y = (c1 + k1) | 0;
  for (let round = 0; round < 5; round++) {
    const turns = ROTATIONS[round % 2];
    for (let k = 0; k < 4; k++) {
      x = (x + y) | 0;
      y = ((y << turns[k]) | (y >>> (32 - turns[k]))) ^ x;
    }
    x = (x + keys[(round + 1) % 3]) | 0;
    y = (y + keys[(round + 2) % 3] + round + 1) | 0;
  }
  words[0] = x;
  words[1] = y;
}

/** @param {Uint32Array} keys @param {ArrayLike<number | bigint>} seeds */
export function random_seed(keys, seeds) {
  for (let k = 0; k < seeds.length; k++) {
    const seed = BigInt.asUintN(64, BigInt(seeds[k]));
    keys[2 * k] = Number(seed >> 32n);
    keys[2 * k + 1] = Number(seed & 0xffffffffn);
  }
}

/** @param {Uint32Array} out @param {Uint32Array} source */
export function random_wrap(out, source) {
  out.set(source);
}

/** @param {Uint32Array} out @param {Uint32Array} keys @param {number} count */
export function random_split(out, keys, count) {
  let at = 0;
  for (let key = 0; key < keys.length; key += 2)
    for (let k = 0; k < count; k++) {
      threefry(keys[key], keys[key + 1], 0, k);
      out[at++] = words[0];
      out[at++] = words[1];
    }
}

/** @param {Uint32Array} out @param {Uint32Array} keys @param {ArrayLike<number>} data */
export function random_fold_in(out, keys, data) {
  for (let k = 0; k < data.length; k++) {
    threefry(keys[2 * k], keys[2 * k + 1], 0, data[k] >>> 0);
    out[2 * k] = words[0];
    out[2 * k + 1] = words[1];
  }
}

/**
 * @param {BigUint64Array | Uint32Array | Uint16Array | Uint8Array} out
 * @param {Uint32Array} keys
 * @param {number} width
 * @param {number} count numbers of each key
 */
export function random_bits(out, keys, width, count) {
  let at = 0;
  for (let key = 0; key < keys.length; key += 2)
    for (let k = 0; k < count; k++) {
      threefry(keys[key], keys[key + 1], 0, k);
      if (out instanceof BigUint64Array) out[at++] = (BigInt(words[0]) << 32n) | BigInt(words[1]);
      else out[at++] = words[0] ^ words[1];
    }
}

/**
 * @param {Uint32Array} first @param {Uint32Array} second
 * @param {Uint32Array} k0 @param {Uint32Array} k1 @param {Uint32Array} c0 @param {Uint32Array} c1
 */
export function threefry_arrays(first, second, k0, k1, c0, c1) {
  for (let k = 0; k < first.length; k++) {
    threefry(k0[k % k0.length], k1[k % k1.length], c0[k % c0.length], c1[k % c1.length]);
    first[k] = words[0];
    second[k] = words[1];
  }
}
