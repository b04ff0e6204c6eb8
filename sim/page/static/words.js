// Small builders of page elements, and how money and shares are written.
"use strict";

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element: its text and children are never read as HTML.
 * @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {Attributes} [attributes] @param {Child[]} children
 */
function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/**
 * Make an element of a drawing.
 * @template {keyof SVGElementTagNameMap} K @param {K} tag @param {Attributes} [attributes] @param {Child[]} children
 */
function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** @template {Element} E @param {E} element @param {Attributes} attributes @param {Child[]} children @returns {E} */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice("on".length), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  const flat = /** @type {(Node | string | null)[]} */ (/** @type {unknown[]} */ (children).flat(Infinity));
  element.append(...flat.filter((child) => child !== null).filter((child) => child !== ""));
  return element;
}

/**
 * The number that was typed; none where the field is empty, which is not nought.
 * @param {string} typed
 */
function numberOf(typed) {
  return typed.trim() === "" ? null : Number(typed);
}

/** @template {keyof Ids} K @param {K} id @returns {Ids[K]} */
function byId(id) {
  return /** @type {Ids[K]} */ (document.getElementById(id));
}

/**
 * Every element that a selector names, in the page or in a part of it.
 * @param {string} selector @param {ParentNode} [within] @returns {HTMLElement[]}
 */
function all(selector, within = document) {
  return [...within.querySelectorAll(selector)].map((one) => /** @type {HTMLElement} */ (one));
}

/**
 * The element round about one that a selector names, or that itself: where something happened.
 * @param {EventTarget | null} target @param {string} selector
 */
function closest(target, selector) {
  return /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest(selector));
}

/**
 * What a map holds of a key that is there.
 * @template V @param {Map<string, V>} map @param {string} key
 */
function known(map, key) {
  return /** @type {V} */ (map.get(key));
}

/**
 * Write million pounds: £350,000, £1.2m, £123m.
 * @param {number | null | undefined} million
 */
function money(million) {
  if (million == null) return "not known";
  const sign = million < 0 ? "minus " : "";
  const pounds = Math.abs(million) * 1e6;
  if (pounds < 500) return "£0";
  if (pounds < 1e6) return `${sign}£${(Math.round(pounds / 1000) * 1000).toLocaleString("en-GB")}`;
  const digits = pounds >= 1e8 ? 0 : 1;
  return `${sign}£${(pounds / 1e6).toFixed(digits).replace(/\.0$/, "")}m`;
}

/**
 * Write an outcome: money in pounds, and a number of things whose name is in the title.
 * @param {number | null | undefined} value @param {string} unit
 */
function measured(value, unit) {
  if (value == null) return "not known";
  if (unit.startsWith("million pounds")) return `${money(value)}${unit.slice("million pounds".length)}`;
  return (Math.round(value * 100) / 100).toLocaleString("en-GB");
}

/** @param {number} count @param {string} one @param {string} many */
function plural(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

/** @type {Record<Party, string>} */
const PARTIES = {
  CON: "Conservative", LAB: "Labour", LD: "Liberal Democrat",
  NOC: "no overall control", IND: "independent",
};
