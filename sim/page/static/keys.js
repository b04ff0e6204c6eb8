// The keys of the page, wherever the focus is.
"use strict";

/** Controls that a pointer leaves focused, so that space would press them again. */
const PRESSED = "button, [role=button], summary, a, select, [type=radio], [type=checkbox]";

/** @param {Player} player @param {KeyboardEvent} event */
function pressKey(player, event) {
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && !all("dialog[open]").length) undoLast(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (byId("blank").open) { unblank(event); return; }
  if (all("dialog[open]").length) return;
  const typed = closest(event.target, "select, textarea, input:not([type=range], [type=radio], [type=checkbox])");
  if (typed) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === " " && !closest(event.target, PRESSED)) { event.preventDefault(); byId("play").click(); }
  if (key === ",") player.move(-1);
  if (key === ".") player.move(1);
  if (key === "PageUp" || key === "PageDown") { event.preventDefault(); clicked(player, key === "PageDown"); }
  if (key === "Home" && !closest(event.target, "input")) player.go(0);
  if (key === "r") showRoom();
  if (key === "b") blankScreen(player);
  if (key === "?") openHelp();
  if (key === "Escape") leave(player, event);
  const tab = all("[role=tab]")[Number(key) - 1];
  if (tab) { showRoom(false); tab.click(); tab.focus(); }
}

/**
 * Bring a blank screen back: by any key that a presenter would press for it.
 * @param {KeyboardEvent} event
 */
function unblank(event) {
  if (event.key === "Tab" || event.key === "Shift") return;
  event.preventDefault();
  byId("blank").close();
}

/**
 * What a presenter's clicker does: a quarter on or back; in a lesson, a step.
 * @param {Player} player @param {boolean} on
 */
function clicked(player, on) {
  const step = all(`#lesson:not([hidden]) ${on ? "#step-next" : "#step-back"}`)[0];
  if (step) step.click();
  else player.move(on ? 1 : -1);
}

/** Leave what is open: the choice of letters, the panel, the Room view. @param {Player} player @param {KeyboardEvent} event */
function leave(player, event) {
  if (byId("view").open) {
    byId("view").open = false;
    all("#view summary")[0].focus();
  } else if (closest(event.target, ".panel")) shownMap(player).focus();
  else if (inRoom()) showRoom(false);
}

/** Let go of what a pointer pressed, so that space plays; what the keyboard reached keeps the focus. */
function wirePointer() {
  let pointed = false;
  addEventListener("pointerdown", () => { pointed = true; }, true);
  addEventListener("keydown", () => { pointed = false; }, true);
  for (const kind of ["click", "change"]) {
    addEventListener(kind, ({ target }) => {
      const pressed = closest(target, PRESSED), active = /** @type {HTMLElement | null} */ (document.activeElement);
      if (pointed && pressed && active?.matches(PRESSED) && (kind === "change" || active.tagName !== "SELECT")) active.blur();
    });
  }
}

/** The map of the side that is told, or the one that is shown. @param {Player} player */
function shownMap(player) {
  const maps = [player.maps[player.side], ...Object.values(player.maps)];
  return maps.find((map) => map.svg.getClientRects().length) ?? player.maps.a;
}

/**
 * Undo what was tried last, unless somebody corrects what was typed.
 * @param {KeyboardEvent} event
 */
function undoLast(event) {
  if (!closest(event.target, "input[type=text], input[type=number], input[type=search]")) all("#undo:not(:disabled)")[0]?.click();
}
