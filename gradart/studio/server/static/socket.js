// The line to the studio: JSON out, and back JSON with a picture's bytes behind it.

/** @import { Answers, Messages } from "./types.d.ts" */
/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @type {Map<string, ((head: any, bytes: Bytes) => void)[]>} */
const listeners = new Map(); // by the kind of answer
const decoder = new TextDecoder();
/** @type {WebSocket | null} */
let line = null;
let wait = 250;

/**
 * Listen to the answers of a kind.
 * @template {keyof Answers} Kind
 * @param {Kind} kind
 * @param {(head: Answers[Kind], bytes: Bytes) => void} listener
 */
export function on(kind, listener) {
  listeners.set(kind, [...(listeners.get(kind) ?? []), listener]);
}

/**
 * @param {string} kind
 * @param {object} head
 */
function tell(kind, head, bytes = new Uint8Array()) {
  for (const listener of listeners.get(kind) ?? []) listener(head, bytes);
}

/**
 * Send a message, if the line is open.
 * @template {keyof Messages} Kind
 * @param {Kind} kind
 * @param {{} extends Messages[Kind] ? [] : [Messages[Kind]]} fields
 */
export function send(kind, ...fields) {
  if (line?.readyState === WebSocket.OPEN) line.send(JSON.stringify({ do: kind, ...fields[0] }));
}

/** Open the line, and again whenever it breaks. */
export function connect() {
  const url = new URL("socket", location.href);
  url.protocol = "ws:";
  url.hash = "";
  line = new WebSocket(url);
  line.binaryType = "arraybuffer";
  line.onopen = () => {
    wait = 250;
  };
  line.onmessage = ({ data }) => {
    const lengths = new DataView(data);
    const text = lengths.getUint32(0);
    const head = JSON.parse(decoder.decode(new Uint8Array(data, 8, text)));
    tell(head.of, head, new Uint8Array(data, 8 + text));
  };
  line.onclose = () => {
    tell("closed", {});
    setTimeout(connect, wait);
    wait = Math.min(2 * wait, 4000);
  };
}
