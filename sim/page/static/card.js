// The card of a council: its money, what it is like, what it holds to; made for one screen.
"use strict";

/** @param {Council} row */
function cardMoney(row) {
  const pairs = [
    ["Net budget", money(row.income)], ["Reserves", money(row.reserves)],
    [row.gap > 0 ? "Gap now" : "Surplus", money(Math.abs(row.gap))], ["Gap soon", row.expected > 0 ? money(row.expected) : "none"],
    ["True saving", money(row.saving)], ["Band D tax", `£${Math.round(row.band_d)}`],
  ];
  return make("dl", { class: "money", "aria-label": "Money, a year" }, pairs.map(([head, value]) =>
    make("div", {}, make("dt", {}, head), make("dd", {}, value))));
}

/**
 * What a council is like, each from 0 to 100, as a small bar with its number.
 * @param {Council} row
 */
function cardTraits(row) {
  const [members, outside, local, bold] = row.culture;
  const traits = /** @type {[string, number][]} */ ([
    ["Led by members", members], ["Outsources", outside], ["Localist", local], ["Bold", bold],
    ["Independent", row.autonomy], ["Wants contact", row.contact], ["Contact kept", row.local], ["Service quality", row.quality]]);
  return make("ul", { class: "traits", "aria-label": "What it is like, 0 to 100" }, traits.map(([words, value]) => {
    const bar = make("span", { class: "fill" });
    bar.style.width = `${Math.round(100 * value)}%`;
    return make("li", {}, make("span", {}, words), " ", make("b", {}, Math.round(100 * value)), make("span", { class: "lane", "aria-hidden": "true" }, bar));
  }));
}

/**
 * What it holds to: its strategy, its computer system, what it has learnt, and whether it pauses.
 * @param {Council} row @param {Council[]} councils
 */
function cardManner(row, councils) {
  const same = councils.filter((other) => other.system === row.system && other.code !== row.code).length;
  const lessons = row.lessons.length ? `Learnt from failures: ${row.lessons.join("; ")}.` : "Nothing learnt from failures yet.";
  return [
    make("p", {}, row.marriage ? "It seeks a marriage: one close partner." : "It keeps to single services.",
      ` Computer system ${row.system}, ${same ? `as ${plural(same, "other", "others")}` : "which no other has"}.`),
    make("p", {}, lessons),
    row.pause ? make("p", {}, make("b", {}, "It pauses"), ` after a failure: it seeks no close partner until ${row.pause}.`) : null,
  ];
}
