// The socket to the studio: JSON out, and back JSON with a picture's bytes behind it.

const listeners = new Map(); // what listens, by the kind of answer
const decoder = new TextDecoder();
let socket = null;
let wait = 250;

/** Listen to the answers of a kind: listener(head, bytes). */
export function on(kind, listener) {
  if (!listeners.has(kind)) listeners.set(kind, []);
  listeners.get(kind).push(listener);
}

function dispatch(kind, head, bytes) {
  for (const listener of listeners.get(kind) ?? []) listener(head, bytes);
}

/** Send a message, if the socket is open. */
export function send(kind, fields = {}) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ do: kind, ...fields }));
}

/** Open the socket, and again whenever it breaks. */
export function connect() {
  const url = new URL("socket", location.href);
  url.protocol = "ws:";
  url.hash = "";
  socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  socket.onopen = () => {
    wait = 250;
  };
  socket.onmessage = ({ data }) => {
    const lengths = new DataView(data);
    const text = lengths.getUint32(0);
    const head = JSON.parse(decoder.decode(new Uint8Array(data, 8, text)));
    dispatch(head.of, head, new Uint8Array(data, 8 + text));
  };
  socket.onclose = () => {
    dispatch("closed", {});
    setTimeout(connect, wait);
    wait = Math.min(2 * wait, 4000);
  };
}
