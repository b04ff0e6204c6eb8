// Finding a council, a county or a region on a map of many, and drawing it nearer.
"use strict";

const NEAR = 8; // how much nearer a council is drawn that somebody looks for

/**
 * Offer what can be looked for, where there are too many councils to name each; of a new run anew.
 * @param {Player} player
 */
function wireFind(player) {
  byId("find-council").addEventListener("change", () => findCouncil(player, byId("find-council").value));
  byId("find-area").addEventListener("change", () => findArea(player, byId("find-area").value));
  addEventListener("taken", () => offerPlaces(player));
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || byId("find").hidden || all("dialog[open]").length || closest(event.target, "input, select")) return;
    event.preventDefault();
    byId("find-council").select();
  });
}

/** @param {Player} player */
function offerPlaces(player) {
  const places = player.maps.a.land?.places ?? {}, many = Object.keys(places).length > FEW;
  byId("find").hidden = !many;
  if (!many) return;
  const options = (/** @type {string[]} */ names, before = "") => names.map((name) => make("option", { value: `${before}${name}` }, name));
  const group = (/** @type {string} */ label, /** @type {number} */ which) => {
    const names = [...new Set(Object.values(places).map((place) => place[which]))].filter(Boolean).sort();
    return names.length > 1 ? [make("optgroup", { label }, options(names, `${which} `))] : [];
  };
  byId("find-names").replaceChildren(...options(Object.values(places).map(([, , name]) => name).sort()));
  byId("find-area").replaceChildren(make("option", { value: "" }, "Whole map"), ...group("Regions", 1), ...group("Counties", 0));
}

/**
 * Draw the council nearer that somebody named, and explain it; a part of a name is enough where only one has it.
 * @param {Player} player @param {string} asked
 */
function findCouncil(player, asked) {
  const text = asked.trim().toLowerCase(), councils = player.frame.councils;
  byId("find-said").textContent = "";
  if (!text) return;
  const ways = [(/** @type {string} */ name) => name === text, (/** @type {string} */ name) => name.startsWith(text), (/** @type {string} */ name) => name.includes(text)];
  const found = ways.map((way) => councils.filter(({ name }) => way(name.toLowerCase()))).find((some) => some.length) ?? [];
  if (found.length !== 1) {
    byId("find-said").textContent = found.length ? `${found.length} councils have that in their name: ${found.slice(0, 3).map(({ name }) => name).join(", ")}${found.length > 3 ? " …" : ""}.` : "No council here has that name.";
    return;
  }
  byId("find-council").value = found[0].name;
  for (const { lens } of Object.values(player.maps)) lens.about([[found[0].x, found[0].y]], NEAR);
  player.pick([found[0].code]);
}

/**
 * Draw a county or a region nearer, or the whole map.
 * @param {Player} player @param {string} asked
 */
function findArea(player, asked) {
  const which = Number(asked[0]), name = asked.slice(2);
  for (const map of Object.values(player.maps)) {
    const here = map.frames.at(-1)?.councils.filter(({ code, was }) => [code, ...was].some((one) => map.land?.places?.[one]?.[which] === name)) ?? [];
    if (!asked) map.lens.nearer(0);
    else map.lens.about(here.map(({ x, y }) => [x, y]), NEAR);
  }
  player.drawMaps();
}
