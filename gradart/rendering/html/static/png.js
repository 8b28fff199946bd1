// Pictures as PNG, at once and in any program: what a browser writes comes later, or from a canvas.

const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** The CRC-32 of bytes. @param {Uint8Array} bytes */
export function crc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = CRC[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/**
 * A PNG of straight RGBA bytes (height, width, 4).
 * @param {Uint8Array | Uint8ClampedArray} rgba
 * @param {number} width
 * @param {number} height
 */
export function png(rgba, width, height) {
  const rows = new Uint8Array(height * (4 * width + 1)); // each begins with its filter, which is none
  for (let y = 0; y < height; y += 1) rows.set(rgba.subarray(4 * y * width, 4 * (y + 1) * width), y * (4 * width + 1) + 1);
  const size = new DataView(new ArrayBuffer(13));
  size.setUint32(0, width);
  size.setUint32(4, height);
  size.setUint16(8, 0x0806); // 8 bits, RGBA
  return joined([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk("IHDR", new Uint8Array(size.buffer)),
    chunk("IDAT", deflated(rows)),
    chunk("IEND", new Uint8Array(0)),
  ]);
}

/** Bytes as base64. @param {Uint8Array} bytes */
export function base64(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** @param {string} kind @param {Uint8Array} data */
function chunk(kind, data) {
  const body = joined([Uint8Array.from(kind, (letter) => letter.charCodeAt(0)), data]);
  return joined([word(data.length), body, word(crc32(body))]);
}

/** @param {number} value */
const word = (value) => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const LONGEST = 258; // bytes that a copy has at most
const FARTHEST = 32768; // bytes that it may lie back

/**
 * Bytes as zlib packs them: what has been there before is a copy of it, all in the fixed code of
 * RFC 1951.
 * @param {Uint8Array} bytes
 */
function deflated(bytes) {
  const out = new Uint8Array(2 + Math.ceil((bytes.length * 9) / 8) + 8);
  let [at, bits, held] = [2, 0, 0];
  out.set([0x78, 0x01]);
  /** Bits of a number, the lowest first. @param {number} value @param {number} count */
  const put = (value, count) => {
    held |= value << bits;
    for (bits += count; bits >= 8; bits -= 8) {
      out[at] = held;
      at += 1;
      held >>>= 8;
    }
  };
  put(3, 3); // the last block, of the fixed code
  const seen = new Int32Array(1 << 15).fill(-FARTHEST - 1); // where three bytes were last
  for (let i = 0; i < bytes.length;) {
    let length = 0;
    const hash = ((bytes[i] << 10) ^ (bytes[i + 1] << 5) ^ bytes[i + 2]) & 0x7fff;
    const back = i - seen[hash];
    if (i + 2 < bytes.length) {
      if (back <= FARTHEST) {
        while (length < LONGEST && i + length < bytes.length && bytes[i + length] === bytes[i + length - back]) length += 1;
      }
      seen[hash] = i;
    }
    if (length < 3) {
      const byte = bytes[i];
      if (byte < 144) put(reversed(0x30 + byte, 8), 8);
      else put(reversed(0x190 + byte - 144, 9), 9);
      i += 1;
    } else {
      copy(put, length, back);
      i += length;
    }
  }
  put(0, 7); // the end
  put(0, 7); // which fills the last byte
  out.set(word(adler32(bytes)), at);
  return out.slice(0, at + 4);
}

/** @param {(value: number, count: number) => void} put @param {number} length @param {number} back */
function copy(put, length, back) {
  // Lengths and distances come in groups that double every four, and every two, codes.
  let code = 285;
  let [extra, rest] = [0, 0];
  if (length < LONGEST) {
    extra = Math.max(0, 29 - Math.clz32(length - 3));
    rest = (length - 3) & ((1 << extra) - 1);
    code = 257 + 4 * extra + ((length - 3) >> extra);
  }
  if (code < 280) put(reversed(code - 256, 7), 7);
  else put(reversed(0xc0 + code - 280, 8), 8);
  put(rest, extra);
  const more = Math.max(0, 30 - Math.clz32(back - 1));
  put(reversed(2 * more + ((back - 1) >> more), 5), 5);
  put((back - 1) & ((1 << more) - 1), more);
}

/** @param {number} value @param {number} count of its bits */
function reversed(value, count) {
  let out = 0;
  for (let bit = 0; bit < count; bit += 1) out |= ((value >> bit) & 1) << (count - 1 - bit);
  return out;
}

/** @param {Uint8Array} bytes */
function adler32(bytes) {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
