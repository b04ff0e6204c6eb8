// How the page looks: letters, light or dark, the Room view, and a blank screen. It is kept for the next visit.
"use strict";

const KEPT_LOOK = "look"; // the name under which the browser keeps it
const DARK = matchMedia("(prefers-color-scheme: dark)");

/** What was chosen at the last visit; nothing where the browser keeps nothing. @returns {Look} */
function keptLook() {
  try { return JSON.parse(localStorage.getItem(KEPT_LOOK) ?? "{}") ?? {}; } catch { return {}; }
}

/**
 * Keep a choice for the next visit, and look so.
 * @param {Look} choice
 */
function chooseLook(choice) {
  const look = { ...keptLook(), ...choice };
  try { localStorage.setItem(KEPT_LOOK, JSON.stringify(look)); } catch { /* a browser that keeps nothing */ }
  showLook(look);
}

/** @param {Look} look */
function showLook({ letters = "1", colours = "system" }) {
  const root = document.documentElement;
  root.toggleAttribute("data-dark", colours === "dark" || (colours === "system" && DARK.matches));
  root.dataset.letters = letters;
  for (const radio of looks()) radio.checked = radio.value === (radio.name === "letters" ? letters : colours);
  dispatchEvent(new CustomEvent("look"));
}

function looks() {
  return /** @type {HTMLInputElement[]} */ (all("#view input"));
}

function inRoom() {
  return document.documentElement.hasAttribute("data-room");
}

/** Show the Room view or leave it. */
function showRoom(on = !inRoom()) {
  document.documentElement.toggleAttribute("data-room", on);
  byId("room-view").setAttribute("aria-pressed", String(on));
  dispatchEvent(new CustomEvent("look"));
}

/** Blank the screen; a key or a click brings it back. @param {Player} player */
function blankScreen(player) {
  player.pause();
  byId("blank").showModal();
}

/**
 * Wire what the head of the page offers; the maps and charts are drawn again where letters or places change.
 * @param {Player} player
 */
function wireView(player) {
  byId("room-view").addEventListener("click", () => showRoom());
  byId("blank-now").addEventListener("click", () => { byId("view").open = false; blankScreen(player); });
  byId("blank").addEventListener("click", () => byId("blank").close());
  byId("signs").addEventListener("click", () => {
    const open = all(".stage")[0].classList.toggle("signs");
    byId("signs").setAttribute("aria-expanded", String(open));
  });
  for (const radio of looks()) radio.addEventListener("change", () => chooseLook({ [radio.name]: radio.value }));
  byId("room-chart").append(...CHARTS.map(({ title }, k) => make("option", { value: k, selected: title.startsWith("Saving") }, title)));
  byId("room-chart").addEventListener("change", () => player.drawCharts());
  DARK.addEventListener("change", () => showLook(keptLook()));
  addEventListener("click", ({ target }) => { if (!closest(target, "#view")) byId("view").open = false; });
  addEventListener("look", () => player.frame && player.drawAgain());
}

showLook(keptLook());
