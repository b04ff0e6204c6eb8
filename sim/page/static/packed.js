// The first that a file to take home does: it unpacks the scripts that it holds, and runs them.
"use strict";

/**
 * What was packed into an element.
 * @param {"run" | "code"} id
 */
async function unpackedText(id) {
  const packed = Uint8Array.from(atob((document.getElementById(id)?.textContent ?? "").trim()), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}

/** The file allows this one script, by its hash. */
async function startPacked() {
  const script = document.createElement("script");
  script.textContent = await unpackedText("code");
  document.head.append(script);
}

function tooOld() {
  const date = document.getElementById("date");
  if (date) date.textContent = "This browser is too old to open the run.";
}

startPacked().catch(tooOld);
