// Opens a file to take home: its scripts are packed as the run is, and begin once they are unpacked.
"use strict";

/**
 * Return a packed text of this file, unpacked.
 * @param {"code" | "run"} id
 */
async function unpackedText(id) {
  const packed = Uint8Array.from(atob((document.getElementById(id)?.textContent ?? "").trim()), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).text();
}

unpackedText("code").then((code) => {
  const script = document.createElement("script");
  script.textContent = code; // the file's security policy knows its hash
  document.body.append(script);
}).catch(() => {
  const date = document.getElementById("date");
  if (date) date.textContent = "This browser is too old to open the run.";
});
