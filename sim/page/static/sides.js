// The two sides: what each is called, and where they part.
"use strict";

/** @param {About} about */
function sidesOf(about) {
  return /** @type {Side[]} */ (Object.keys(about.sides));
}

/**
 * What is known of a side that is there.
 * @param {About} about @param {Side} name
 */
function sideAbout(about, name) {
  return /** @type {SideAbout} */ (about.sides[name]);
}

/**
 * The frame of a side that is there.
 * @param {Row} row @param {Side} name
 */
function frameOf(row, name) {
  return /** @type {Frame} */ (row[name]);
}

function sideRadios() {
  return /** @type {HTMLInputElement[]} */ (all("input[name=side]"));
}

/**
 * Write the names of the sides where they are chosen and over their maps.
 * @param {About} about
 */
function nameSides(about) {
  const two = Boolean(about.sides.b);
  byId("sides").hidden = byId("views").hidden = !two;
  const view = two ? viewChosen() : "a";
  all('.map[data-side="a"]')[0].hidden = view === "b";
  all('.map[data-side="b"]')[0].hidden = view !== "b" && view !== "two";
  byId("maps").classList.toggle("two", view === "two");
  for (const name of sidesOf(about)) {
    const title = sideTitle(about, name), [caption] = all(`.map[data-side="${name}"] figcaption`);
    byId(`name-${name}`).textContent = title;
    caption.textContent = caption.title = !two ? "" : view === "both" ? "A and B in one map" : `${name.toUpperCase()}: ${title}`;
  }
}

function viewRadios() {
  return /** @type {HTMLInputElement[]} */ (all("input[name=view]"));
}

/** Which maps somebody wants to see of two sides. */
function viewChosen() {
  return /** @type {View} */ (viewRadios().find((radio) => radio.checked)?.value ?? "two");
}

/**
 * Name a side by what was changed in it; two sides never have the same name.
 * @param {About} about @param {Side} name
 */
function sideTitle(about, name) {
  const { a, b } = about.sides, { acts, title } = sideAbout(about, name);
  const same = b && a.scenario === b.scenario, { named } = sideAbout(about, name);
  if (named && (name === "a" || named !== a.named)) return named;
  if (!acts.length) return same ? "as it was" : title;
  const other = new Set((name === "a" ? b : a)?.acts.map((act) => act.said));
  const own = acts.filter((act) => !other.has(act.said));
  const shown = own.length ? own : acts;
  const more = shown.length > 1 ? `, and ${shown.length - 1} more` : "";
  const what = `${shown[0]?.what}${more}`;
  if (b && !same) return own.length ? `${title}, with ${what}` : title;
  if (!b || own.length === acts.length) return what;
  return own.length ? `also ${what}` : acts.length < other.size ? `only ${what}` : "a copy of A";
}

/**
 * Say where the two sides part: what was changed in each, then what happens in one only. Where they
 * have not parted when the run is over, what was changed did nothing.
 * @param {Shown} about @param {Parted | null} parted @param {boolean} over
 */
function drawParted(about, parted, over) {
  const box = byId("parted"), alike = !parted && over && Boolean(about.sides.b);
  box.hidden = !parted && !alike;
  if (alike) {
    box.replaceChildren(make("h3", {}, "The two never part"),
      make("p", {}, "Not one bit differs between them, to the end: what was changed did nothing in this run."));
  }
  if (!parted) return;
  const open = new Set(all("details[open]", box).map((one) => one.dataset.side));
  const acts = (/** @type {Side} */ name) => sideAbout(about, name).acts.filter((act) => act.at < parted.q).map((act) => act.said);
  const changed = sidesOf(about).flatMap((name) => acts(name).filter((said) => !acts(name === "a" ? "b" : "a").includes(said))
    .map((said) => make("p", {}, make("b", {}, `Changed in ${name.toUpperCase()}: `), said, ".")));
  const list = (/** @type {string} */ key, /** @type {string} */ label, /** @type {string} */ where, /** @type {string[]} */ said) => said.length ? [
    make("p", {}, make("b", {}, `${label}: `), said[0]),
    said.length > 1 ? make("details", { "data-side": key, open: open.has(key) }, make("summary", {}, `and ${said.length - 1} more in ${where}`),
      make("ul", {}, said.slice(1).map((text) => make("li", {}, text)))) : ""] : [];
  const lists = (/** @type {Apart} */ told) => [...list("a", "Only in A", "A", told.only_a), ...list("b", "Only in B", "B", told.only_b),
    ...list("both", "In both, otherwise", "both", told.both)];
  const silent = !parted.only_a.length && !parted.only_b.length && !parted.both.length;
  const moved = parted.moved.map((name) => (about.titles?.[name]?.title ?? name).toLowerCase()).join(", ");
  box.replaceChildren(make("h3", {}, `◆ The two part: ${parted.period}`), ...changed,
    ...lists(parted), silent ? make("p", {}, sameThings(parted.weighed, moved)) : "",
    ...(parted.then ? [make("h4", {}, `What first happens otherwise: ${parted.then.period}`), ...lists(parted.then)] : []));
}

/**
 * What differs where the same things happen on both sides.
 * @param {number} weighed @param {string} moved
 */
function sameThings(weighed, moved) {
  const how = weighed ? `${weighed === 1 ? "one step was" : `${weighed} steps were`} weighed differently` : "";
  const what = moved ? `what differs is ${moved}` : "";
  return `In that quarter the same things happen; ${[how, what].filter(Boolean).join(", and ") || "what differs is not shown here"}.`;
}
