// The live page: it begins a session, and joins clock, controls and lesson.
"use strict";

class Room {
  async open() {
    this.server = new Server((words) => this.lost(words));
    try {
      this.offer = await this.server.about();
      const memo = memoOfAddress() ?? { seed: this.offer.seed, a: { scenario: this.offer.first, acts: [] } };
      const about = await this.server.begin(memo);
      this.player = new Player(this.server, { ...about, titles: this.offer.titles });
      for (const map of Object.values(this.player.maps)) map.outlines = this.offer.outlines;
      this.controls = new Controls(this, this.offer, byId("try"));
      this.lessons = new LessonView(this, this.offer.lessons, byId("lesson"));
      const show = () => { if (!byId("try").hidden && this.player.frame) this.controls.show(this.player); };
      for (const news of ["drawn", "tab"]) addEventListener(news, show);
      await this.player.go(0);
      document.body.dataset.ready = "yes";
      if (this.offer.start_lesson) { showTab("lesson"); await this.lessons.open(0); }
    } catch (error) {
      if (!(error instanceof Lost)) this.tell(error.message);
    }
  }

  /** Do something that asks the server; what goes wrong is told, never swallowed. */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Lost)) {
        this.controls.say(error.message, true);
        this.tell(error.message);
      }
      return null;
    }
  }

  /** Change the session: the clock stands still meanwhile, and one change waits for another. */
  alone(work) {
    const before = this.changing;
    this.player.hold();
    this.changing = this.attempt(async () => {
      await before;
      await this.player.settled();
      return work();
    }).finally(() => this.player.release());
    return this.changing;
  }

  /** Begin a run and go to a quarter of it; `look` is what is explained then. Return whether it began. */
  begin(memo, q = 0, look = null) {
    return this.alone(async () => {
      const about = await this.server.begin(memo);
      this.player.explanation.clear();
      this.player.explanation.subject = look;
      this.take(about);
      await this.player.now(q);
      this.hush();
      return true;
    });
  }

  take(about, keep = 0) {
    this.player.take({ ...about, titles: this.offer.titles }, keep);
    history.replaceState(null, "", `#${encodeURIComponent(JSON.stringify(about.memo))}`);
  }

  /** Change something from the next quarter on; later frames of this side are drawn anew. */
  act(what) {
    return this.alone(async () => {
      const { q, side, rows } = this.player;
      const anew = rows.length > q + 1;
      const about = await this.server.change(side, { at: q, ...what });
      this.take(about, q === 0 ? 0 : q + 1);
      await this.player.now(q);
      const day = this.player.rows[q][side].day;
      this.controls.say(anew
        ? `A new branch from ${day}: what you saw after that day is undone and will be drawn anew.`
        : `From ${day} on. Nothing before it moves.`);
      this.hush();
    });
  }

  compare(choice) {
    return this.alone(async () => {
      const mine = this.server.memo.a;
      const other = choice === null ? null
        : choice === "copy" ? mine
        : { scenario: choice === "was" ? mine.scenario : choice, acts: [] };
      const about = await this.server.compare(other);
      const q = this.player.q;
      this.take(about);
      await this.player.now(q);
    });
  }

  /** Set the run as a step of a lesson says; return whether that was done. */
  set({ memo, quarter, look }) {
    return this.begin(memo, quarter, look.length ? aboutCodes(look) : null);
  }

  async save(name) {
    await this.attempt(async () => {
      const link = make("a", { href: URL.createObjectURL(await this.server.file(name, this.player.side)), download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    });
  }

  async copyLink() {
    await this.attempt(async () => {
      await navigator.clipboard.writeText(location.href);
      this.controls.say("The link is copied. It gives the same run on any computer with this program.");
    });
  }

  print() {
    writeDebrief(byId("debrief"), this.player, this.lessons.lesson);
    window.print();
  }

  tell(words, button = null) {
    byId("notice").hidden = false;
    const close = make("button", { type: "button", onclick: () => this.hush() }, "Close");
    byId("notice").replaceChildren(make("span", {}, words), button ?? close);
  }

  hush() {
    byId("notice").hidden = true;
  }

  /** The server is gone, or forgot us: stop, and offer to begin again where we stood. */
  lost(words) {
    this.player?.pause();
    if (this.player) byId("time").value = this.player.q;
    this.tell(words, make("button", { type: "button", id: "go-on", onclick: () => this.goOn() }, "Go on"));
  }

  async goOn() {
    if (!this.player) { location.reload(); return; }
    this.tell("Beginning again where you stood …");
    await this.begin(this.server.memo, this.player.q);
  }
}

/** Return the session that the address asks for, if it does. */
function memoOfAddress() {
  try {
    return location.hash.length > 1 ? JSON.parse(decodeURIComponent(location.hash.slice(1))) : null;
  } catch {
    return null;
  }
}

/** What fails outside an attempt is told too; a lost connection has been told already. */
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  if (!(event.reason instanceof Lost)) room.tell(event.reason?.message ?? String(event.reason));
});

const room = new Room();
room.open();
