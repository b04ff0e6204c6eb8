// The help, and the way past the clock and the map to the news.
"use strict";

function wireHelp() {
  byId("help-open").addEventListener("click", openHelp);
  byId("help-close").addEventListener("click", () => byId("help").close());
  all(".skip")[0].addEventListener("click", (event) => { // the address holds the run, and no place on the page
    event.preventDefault();
    showTab("feed");
    byId("feed").focus();
  });
}

function openHelp() {
  byId("help").showModal();
}
