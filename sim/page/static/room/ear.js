// Listening to the program: news as it comes; silence is noticed, and listening goes on by itself.
"use strict";

const SILENT = 12_000, LOOK = 2_000; // milliseconds: a beat comes every four seconds

class Ear {
  /**
   * `hear` takes what is told; `silent` is called when the program falls silent, and when it is back;
   * `before` is done before listening begins again.
   * @param {string} address @param {(told: any) => void} hear @param {(silent: boolean) => void} silent
   * @param {() => Promise<unknown>} [before]
   */
  constructor(address, hear, silent, before = () => Promise.resolve()) {
    this.address = address;
    this.hear = hear;
    this.silent = silent;
    this.before = before;
    this.quiet = false;
    this.last = this.tried = Date.now();
    this.source = /** @type {EventSource | null} */ (null);
    this.listen();
    this.watch = setInterval(() => this.look(), LOOK);
  }

  listen() {
    this.source?.close();
    this.tried = Date.now();
    this.source = new EventSource(this.address);
    this.source.onmessage = (event) => { this.heard(); this.hear(JSON.parse(event.data)); };
    this.source.addEventListener("beat", () => this.heard());
  }

  stop() {
    clearInterval(this.watch);
    this.source?.close();
  }

  heard() {
    this.last = Date.now();
    if (this.quiet) this.silent(this.quiet = false);
  }

  /** Notice silence; listen anew when it lasts, each phone a little later than another. */
  look() {
    const now = Date.now();
    if (now - this.last > SILENT && !this.quiet) this.silent(this.quiet = true);
    const shut = this.source?.readyState === EventSource.CLOSED;
    if ((shut || this.quiet) && now - this.tried > LOOK + 3000 * Math.random()) {
      this.tried = now;
      this.before().then(() => this.listen(), () => {});
    }
  }
}
