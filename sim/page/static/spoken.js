// What a screen reader hears of the quarters that pass.
"use strict";

/**
 * Say a year at a time while playing, a quarter when somebody steps.
 * @param {Player} player
 */
function speak(player) {
  if (player.playing && player.q % 4 && player.q !== player.quarters) return;
  const frames = player.playing ? player.sideFrames.slice(-4) : [player.frame];
  const count = (/** @type {string} */ kind) => frames.reduce((sum, frame) => sum + new Set(frame.events.filter((e) => e.kind === kind).map((e) => e.deal)).size, 0);
  const now = player.frame.measures;
  byId("spoken").textContent = `${player.playing ? `The year to ${player.frame.day}` : player.frame.period}: `
    + `${player.q ? plural(count("talks_begin"), "round of talks begins", "rounds of talks begin")
      : plural(count("talks_begin"), "round of talks is under way", "rounds of talks are under way")}, `
    + `${plural(count("starts"), "deal starts", "deals start")}, ${plural(count("talks_fail"), "round of talks fails", "rounds of talks fail")}, `
    + `${plural(count("ends"), "agreement ends", "agreements end")}. `
    + (now.agreements == null ? "" : `${now.agreements} agreements in force, true saving ${money(now.true_saving)} a year.`);
}
