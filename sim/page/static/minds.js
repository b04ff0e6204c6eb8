// What two councils believe of each other's culture, against what is so.
"use strict";

const ABOUT_RIGHT = 0.05; // a belief so near the truth is called right
const DOUBTS = /** @type {[number, string][]} */ ([[0.06, "is sure of it"], [0.12, "is fairly sure"], [Infinity, "is unsure"]]);

/**
 * How different the two think that they are, each with its doubt, and the truth beneath.
 * @param {Mind | null | undefined} mind @param {string[]} names
 */
function drawMinds(mind, names) {
  if (!mind) return [];
  return [
    make("h3", {}, "How different they think they are"),
    make("ul", { class: "minds" }, mind.believed.map((believed, k) => make("li", {},
      make("span", {}, mindSaid(names[k], names[1 - k], believed, mind.doubt[k], mind.true)), mindBar(believed, mind.doubt[k], mind.true)))),
    make("p", { class: "quiet" }, `0 is alike, 100 opposite. Bar: believed; thin line: how sure; black mark: in truth, ${Math.round(100 * mind.true)}. Trust between them: ${Math.round(100 * mind.trust)} of 100.`),
  ];
}

/**
 * A belief in a sentence, with how sure the council is and on which side of the truth it errs.
 * @param {string} who @param {string} other @param {number} believed @param {number} doubt @param {number} truth
 */
function mindSaid(who, other, believed, doubt, truth) {
  const sure = DOUBTS.find(([most]) => doubt < most)?.[1];
  const off = believed - truth;
  const judged = Math.abs(off) <= ABOUT_RIGHT ? `sees ${other} about as it is` : `thinks ${other} ${off > 0 ? "stranger" : "closer to itself"} than it is`;
  return `${who} ${judged}, and ${sure}: it believes ${Math.round(100 * believed)}, give or take ${Math.round(100 * doubt)}.`;
}

/**
 * A belief as a bar from 0 to 1, with what it may be wrong by, and a mark at the truth.
 * @param {number} believed @param {number} doubt @param {number} truth
 */
function mindBar(believed, doubt, truth) {
  const at = (/** @type {number} */ share) => `${Math.round(100 * Math.min(Math.max(share, 0), 1))}%`;
  const [bar, reach, mark] = ["fill", "reach", "mark-true"].map((kind) => make("span", { class: kind }));
  bar.style.width = at(believed);
  reach.style.left = at(believed - doubt);
  reach.style.right = at(1 - believed - doubt);
  mark.style.left = at(truth);
  return make("span", { class: "lane", "aria-hidden": "true" }, bar, reach, mark);
}
