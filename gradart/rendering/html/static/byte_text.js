// Bytes from letters, as byte_text.py writes them: 13 bits from two, and 6 from one at the end.

const LETTERS = Array.from({ length: 95 }, (_, k) => String.fromCharCode(32 + k))
  .filter((letter) => !"\"&'<>\\".includes(letter))
  .concat(">", "\\");

/** @param {string} text */
export function bytesOf(text) {
  const places = new Uint8Array(128);
  LETTERS.forEach((letter, place) => (places[letter.charCodeAt(0)] = place));
  const pairs = text.length >> 1;
  const bytes = new Uint8Array((13 * pairs + 6 * (text.length & 1)) >> 3);
  let held = 0; // bits that are no byte yet
  let count = 0;
  for (let k = 0, at = 0; k < text.length; k += 2) {
    const second = k + 1 < text.length ? places[text.charCodeAt(k + 1)] : 0;
    held |= (places[text.charCodeAt(k)] + LETTERS.length * second) << count;
    count += k + 1 < text.length ? 13 : 6;
    for (; count >= 8; count -= 8, held >>= 8) bytes[at++] = held;
  }
  return bytes;
}

/** What the bytes of an element are when they are no longer compressed. @param {string} id */
export function unpackedBytes(id) {
  const bytes = bytesOf(document.getElementById(id)?.textContent ?? "");
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")));
}
