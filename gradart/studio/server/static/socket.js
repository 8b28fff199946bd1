// The socket to the studio: JSON out, and back JSON with a picture's bytes behind it.

import { state } from "./state.js";

/** @import { Answers, Requests } from "./messages.js" */

/** @type {Map<string, ((head: any, bytes: Uint8Array<ArrayBuffer>) => void)[]>} */
const listeners = new Map(); // what listens, by the kind of answer
const decoder = new TextDecoder();
const { connection } = state;

/**
 * Listen to the answers of a kind.
 * @template {keyof Answers} K
 * @param {K} kind
 * @param {(head: Answers[K], bytes: Uint8Array<ArrayBuffer>) => void} listener
 */
export function on(kind, listener) {
  if (!listeners.has(kind)) listeners.set(kind, []);
  listeners.get(kind)?.push(listener);
}

/**
 * @param {string} kind
 * @param {object} head
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
function dispatch(kind, head, bytes) {
  for (const listener of listeners.get(kind) ?? []) listener(head, bytes);
}

/**
 * Send a message, if the socket is open.
 * @template {keyof Requests} K
 * @param {K} kind
 * @param {Requests[K]} fields
 */
export function send(kind, fields) {
  if (connection.socket?.readyState === WebSocket.OPEN) connection.socket.send(JSON.stringify({ do: kind, ...fields }));
}

/** Open the socket, and again whenever it breaks. */
export function connect() {
  const url = new URL("socket", location.href);
  url.protocol = "ws:";
  url.hash = "";
  connection.socket = new WebSocket(url);
  connection.socket.binaryType = "arraybuffer";
  connection.socket.onopen = () => {
    connection.wait = 250;
  };
  connection.socket.onmessage = ({ data }) => {
    const lengths = new DataView(data);
    const text = lengths.getUint32(0);
    const head = JSON.parse(decoder.decode(new Uint8Array(data, 8, text)));
    dispatch(head.of, head, new Uint8Array(data, 8 + text));
  };
  connection.socket.onclose = () => {
    dispatch("closed", {}, new Uint8Array());
    setTimeout(connect, connection.wait);
    connection.wait = Math.min(2 * connection.wait, 4000);
  };
}
