// Runs the page's script, which is in the document compressed. Its policy knows both by their hashes.

import { unpackedBytes } from "./byte_text.js";

(async () => {
  const text = await unpackedBytes("code").text();
  const policy = globalThis.trustedTypes?.createPolicy("piece", { createScript: (/** @type {string} */ code) => code });
  const script = document.createElement("script");
  script.text = policy ? policy.createScript(text) : text;
  document.body.append(script);
  script.remove();
})();
