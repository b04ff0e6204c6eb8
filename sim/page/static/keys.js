// The keys of the page, wherever the focus is.
"use strict";

/** @param {Player} player @param {KeyboardEvent} event */
function pressKey(player, event) {
  const undo = document.getElementById("undo");
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && undo && !closest(event.target, "input[type=text], input[type=number]")) undo.click();
  if (event.ctrlKey || event.metaKey || event.altKey || all("dialog[open]").length) return;
  const typed = closest(event.target, "select, textarea, input:not([type=range], [type=radio], [type=checkbox])");
  if (typed) return;
  const held = closest(event.target, "button, [role=button], summary, a, [type=checkbox]");
  if (event.key === " " && !held) { event.preventDefault(); byId("play").click(); }
  if (event.key === ",") player.move(-1);
  if (event.key === ".") player.move(1);
  if (event.key === "Home" && !closest(event.target, "input")) player.go(0);
  if (event.key === "?") openHelp();
  if (event.key === "Escape" && closest(event.target, ".panel")) (all(".map[hidden]").length ? shownMap(player) : player.maps[player.side]).focus();
  const tab = all("[role=tab]")[Number(event.key) - 1];
  if (tab) { tab.click(); tab.focus(); }
}

/** The only map that is shown. @param {Player} player */
function shownMap(player) {
  return Object.values(player.maps).find((map) => map.svg.getClientRects().length) ?? player.maps.a;
}
