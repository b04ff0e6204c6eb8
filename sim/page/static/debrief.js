// The sheet to print: what was set, asked and revealed, what was tried, what came of it, what failed.
"use strict";

/**
 * Write the sheet; of two sides that are compared it tells both.
 * @param {HTMLElement} box @param {Player} player @param {Lesson | null} lesson
 */
function writeDebrief(box, player, lesson) {
  const sides = sidesOf(player.about);
  const blank = () => make("p", { class: "blank" });
  box.replaceChildren(
    make("h1", {}, lesson ? lesson.title : "Debrief"),
    make("p", {}, `${player.about.sides.a.title}, seed ${player.about.memo.seed}, to ${player.frame.day}.`),
    ...(lesson ? lesson.steps.flatMap((step) => [
      make("h2", {}, step.heading), ...paragraphs(step.print),
      ...(step.question ? [make("p", {}, make("b", {}, step.question)), blank()] : []),
      ...paragraphs(step.reveal)]) : []),
    make("h2", {}, "What was tried"), ...sides.flatMap((name) => tried(player, name, sides)),
    make("h2", {}, "What came of it"), outcomes(player, sides),
    make("h2", {}, "What failed or ended, and why"), ...sides.flatMap((name) => failures(player, name, sides)),
    make("h2", {}, "What we would try next"), blank(), blank());
}

/**
 * Name a side, where there are two.
 * @param {Player} player @param {Side} name @param {Side[]} sides
 */
function sideHead(player, name, sides) {
  return sides.length > 1 ? [make("h3", {}, `${name.toUpperCase()}: ${sideTitle(player.about, name)}`)] : [];
}

/** @param {Player} player @param {Side} name @param {Side[]} sides */
function tried(player, name, sides) {
  const side = sideAbout(player.about, name), { acts } = side;
  const items = acts.length ? acts.map((act) => make("li", {}, act.said)) : [make("li", {}, "Nothing: the run as it was.")];
  return [...sideHead(player, name, sides), make("ul", {}, items), ...remarksOn(side)];
}

/**
 * One row an outcome, one column a side.
 * @param {Player} player @param {Side[]} sides
 */
function outcomes(player, sides) {
  const row = player.rows[player.q];
  const known = Object.entries(player.about.titles ?? {}).filter(([name]) => row.a.measures[name] != null);
  const head = sides.length > 1
    ? [make("thead", {}, make("tr", {}, make("td", {}), sides.map((name) => make("th", { scope: "col" }, name.toUpperCase()))))] : [];
  return make("table", {}, ...head, make("tbody", {}, known.map(([name, { title, unit }]) => make("tr", {},
    make("th", { scope: "row" }, title),
    sides.map((side) => make("td", {}, measured(row[side]?.measures[name], unit)))))));
}

/** @param {Player} player @param {Side} name @param {Side[]} sides */
function failures(player, name, sides) {
  const told = player.rows.slice(0, player.q + 1).flatMap((row) => frameOf(row, name).events
    .filter((event) => event.kind === "talks_fail" || (event.kind === "ends" && !CLOSER.includes(event.reason ?? "")))
    .map((event) => `${frameOf(row, name).period}: ${event.said}`));
  const shown = told.slice(-40).map((text) => make("li", {}, text));
  const more = told.length > shown.length ? [make("p", {}, `The last ${shown.length} of ${told.length}:`)] : [];
  return [...sideHead(player, name, sides), ...more, make("ul", {}, shown.length ? shown : make("li", {}, "Nothing."))];
}
