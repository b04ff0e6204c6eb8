// Small builders of page elements, and how money and shares are written.
"use strict";

const SVG = "http://www.w3.org/2000/svg";

/** Make an element: its text and children are never read as HTML. */
function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Make an element of a drawing. */
function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== ""));
  return element;
}

function byId(id) {
  return document.getElementById(id);
}

/** Write million pounds: £350,000, £1.2m, £123m. */
function money(million) {
  if (million == null) return "not known";
  const sign = million < 0 ? "minus " : "";
  const pounds = Math.abs(million) * 1e6;
  if (pounds < 500) return "£0";
  if (pounds < 1e6) return `${sign}£${(Math.round(pounds / 1000) * 1000).toLocaleString("en-GB")}`;
  const digits = pounds >= 1e8 ? 0 : 1;
  return `${sign}£${(pounds / 1e6).toFixed(digits).replace(/\.0$/, "")}m`;
}

function plural(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

const PARTIES = {
  CON: "Conservative", LAB: "Labour", LD: "Liberal Democrat",
  NOC: "no overall control", IND: "independent",
};
