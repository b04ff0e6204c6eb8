// The tabs of the panel.
"use strict";

/**
 * The panel that a tab shows.
 * @param {HTMLElement} tab
 */
function panelOf(tab) {
  return /** @type {Panel} */ (tab.getAttribute("aria-controls"));
}

function wireTabs() {
  const tabs = all("[role=tab]");
  tabs.forEach((tab, k) => {
    tab.addEventListener("click", () => showTab(panelOf(tab)));
    tab.addEventListener("keydown", (event) => {
      const way = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
      if (!way) return;
      const next = tabs[(k + way + tabs.length) % tabs.length];
      next.click();
      next.focus();
    });
  });
}

/** @param {Panel} name */
function showTab(name) {
  for (const tab of all("[role=tab]")) {
    const on = panelOf(tab) === name;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    byId(panelOf(tab)).hidden = !on;
  }
  dispatchEvent(new CustomEvent("tab"));
}
