// Runs the page's script, which is in the document compressed. Its policy knows both by their hashes.

(async () => {
  const packed = document.getElementById("code")?.textContent ?? "";
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const text = await new Response(stream).text();
  const policy = globalThis.trustedTypes?.createPolicy("piece", { createScript: (/** @type {string} */ code) => code });
  const script = document.createElement("script");
  script.text = policy ? policy.createScript(text) : text;
  document.body.append(script);
  script.remove();
})();
