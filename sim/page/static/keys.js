// The keys of the page, wherever the focus is.
"use strict";

function pressKey(player, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || byId("help").open) return;
  const typed = event.target.closest("select, textarea, input:not([type=range], [type=radio], [type=checkbox])");
  if (typed) return;
  const held = event.target.closest("button, [role=button], summary, a, [type=checkbox]");
  if (event.key === " " && !held) { event.preventDefault(); byId("play").click(); }
  const ways = { ",": -1, ".": 1 };
  if (event.key in ways) player.move(ways[event.key]);
  if (event.key === "Home" && !event.target.closest("input")) player.go(0);
  if (event.key === "?") openHelp();
  if (event.key === "Escape" && event.target.closest(".panel")) player.maps[player.side].focus();
  const tab = document.querySelectorAll("[role=tab]")[Number(event.key) - 1];
  if (tab) { tab.click(); tab.focus(); }
}
