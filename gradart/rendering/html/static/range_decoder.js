// Whole numbers from few bits, as range_coder_kernel.py tells them.

const SIZES = 33; // of numbers: how many bits they have
const NODES = 8; // of the tree of the three bits below the first
const BELOW = SIZES * SIZES;
const SIGN = BELOW + SIZES * NODES;
const MODELS = SIGN + 9;
const MOST = 2 ** 26; // of a size around

/** Numbers of 32 bits, those around each being the two before it, and three around the one `back` before. @param {Uint8Array} bytes @param {number} count @param {number} back */
export function decoded(bytes, count, back) {
  const quick = new Uint16Array(MODELS).fill(2 ** 15);
  const slow = quick.slice();
  const seen = new Uint8Array(MODELS);
  const numbers = new Int32Array(count);
  const sizes = new Int32Array(count); // of the numbers, without their signs
  let [span, code, at] = [2 ** 32 - 1, 0, 0];
  const shift = () => {
    code = ((code << 8) | bytes[at++]) >>> 0; // beyond the end, 0
  };
  while (at < 5) shift();

  /** The next bit, which is set with a likelihood of so many of 2^12. @param {number} likely */
  const taken = (likely) => {
    const share = (span >>> 12) * likely;
    const bit = code < share;
    if (bit) span = share;
    else {
      code -= share;
      span -= share;
    }
    for (; span < 2 ** 24; span *= 2 ** 8) shift();
    return bit;
  };

  /** The next bit by its model, which learns it. @param {number} model */
  const learned = (model) => {
    const bit = taken((quick[model] + slow[model]) >> 5);
    const rate = Math.min(seen[model] + 1, 7);
    const fast = Math.min(rate, 4);
    if (bit) {
      quick[model] += (2 ** 16 - quick[model]) >> fast;
      slow[model] += (2 ** 16 - slow[model]) >> rate;
    } else {
      quick[model] -= quick[model] >> fast;
      slow[model] -= slow[model] >> rate;
    }
    seen[model] = rate;
    return bit;
  };

  for (let k = 0; k < count; k++) {
    let near = 0;
    if (k > 0) near += 3 * sizes[k - 1];
    if (k > 1) near += sizes[k - 2];
    const over = k - back;
    if (over < 0) near = Math.floor((5 * near) / 2);
    else near += 3 * sizes[over] + (over ? sizes[over - 1] : 0) + 2 * sizes[over + 1];
    const first = (32 - Math.clz32(near)) * SIZES;
    let size = 0;
    while (learned(first + size)) size++;
    let most = size ? 1 : 0;
    for (let j = size - 2, node = 1; j >= 0; j--) {
      const bit = Number(node < NODES ? learned(BELOW + size * NODES + node) : taken(2 ** 11));
      if (node < NODES) node = 2 * node + bit;
      most = 2 * most + bit;
    }
    sizes[k] = Math.min(most, MOST);
    if (!most) continue;
    const before = k > 0 ? Math.sign(numbers[k - 1]) : 0;
    const above = over >= 0 ? Math.sign(numbers[over]) : 0;
    numbers[k] = learned(SIGN + 3 * (before + 1) + above + 1) ? -most : most;
  }
  return numbers;
}
