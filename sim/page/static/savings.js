// What became of a promise: the saving that was promised, reported, true, and what is missing.
"use strict";

const CLOSER = ["merger", "deepened"]; // agreements that ended in something closer

/**
 * The three savings of a deal and what is missing of the promise, in a sentence and as bars.
 * @param {Deal} deal @param {string | null} ended why it ended, empty where that is not known; null while it lives
 */
function drawSavings(deal, ended) {
  if (deal.true == null || deal.promised == null) return [];
  const promised = asWritten(deal.promised), reported = asWritten(deal.reported ?? 0), real = asWritten(deal.true);
  const rows = /** @type {[string, number, number][]} */ ([["promised", 0, promised], ["reported", 0, reported], ["true", 0, real]]);
  if (promised > real) rows.push(["missing", real, promised]);
  const values = [0, promised, reported, real], low = Math.min(...values), wide = Math.max(...values) - low || 1;
  const bars = make("ul", { class: "savings" }, rows.map(([word, from, to]) => {
    const bar = make("span", { class: `fill ${word}` });
    bar.style.left = `${(100 * (Math.min(from, to) - low) / wide).toFixed(1)}%`;
    bar.style.width = `${(100 * Math.abs(to - from) / wide).toFixed(1)}%`;
    return make("li", {}, make("span", {}, word), make("span", { class: "lane", "aria-hidden": "true" }, bar), make("b", {}, ` ${money(to - from)}`));
  }));
  return [make("p", { class: "sum" }, savingsSaid(promised, real, ended)), bars];
}

/**
 * Round million pounds as they are written, so that what is missing is what a reader reckons.
 * @param {number} million
 */
function asWritten(million) {
  const step = Math.abs(million) < 1 ? 1000 : 10;
  return Math.round(million * step) / step;
}

/**
 * What was promised, what arrived, and what is missing: "£9m a year was promised; £1.2m arrived; £7.8m never did."
 * @param {number} promised @param {number} real @param {string | null} ended
 */
function savingsSaid(promised, real, ended) {
  const lives = ended === null, closer = !lives && CLOSER.includes(ended);
  const arrived = real < 0 ? `it ${lives ? "costs" : "cost"} ${money(-real)} a year more than it ${lives ? "saves" : "saved"}`
    : `${money(real)} ${lives ? "arrives by now" : "arrived"}`;
  const missing = promised - real;
  const never = lives ? "has not arrived" : closer ? "had not when it became something closer" : "never did";
  const rest = missing > 0 ? `${money(missing)} ${never}` : missing < 0 ? `that is all of it, and ${money(-missing)} more` : "that is all of it";
  return `${money(promised)} a year was promised; ${arrived}; ${rest}.`;
}
