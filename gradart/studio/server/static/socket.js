// The line to the studio: JSON out, and back JSON with a picture's bytes behind it.

const heard = new Map(); // what listens, by the kind of answer
const decoder = new TextDecoder();
let line = null;
let wait = 250;

/** Listen to the answers of a kind: listener(head, bytes). */
export function on(kind, listener) {
  if (!heard.has(kind)) heard.set(kind, []);
  heard.get(kind).push(listener);
}

function tell(kind, head, bytes) {
  for (const listener of heard.get(kind) ?? []) listener(head, bytes);
}

/** Send a message, if the line is open. */
export function send(kind, fields = {}) {
  if (line?.readyState === WebSocket.OPEN) line.send(JSON.stringify({ do: kind, ...fields }));
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
