// The page's side of the trainer's window: it tells where the page stands, and does what keys there say.
"use strict";

class Desk {
  /** @param {Room} room @param {RoomView} view */
  constructor(room, view) {
    this.room = room;
    this.view = view;
    this.id = String(Math.random());
    this.channel = new BroadcastChannel("councils");
    this.channel.onmessage = ({ data }) => { if (data.to === this.id || data.hello) this.take(data); };
    for (const news of ["drawn", "step", "room"]) addEventListener(news, () => this.tell());
  }

  tell() {
    const { player, lessons } = this.room, { lesson, at, begun } = lessons;
    if (!player.frame) return; // not before the first is drawn
    this.channel.postMessage(/** @type {DeskTold} */ ({
      from: this.id, date: player.frame.period, title: player.about.sides.a.title, playing: Boolean(player.playing),
      lesson: lesson && { title: lesson.title, minutes: lesson.minutes, at, begun, steps: lesson.steps.map(({ heading, question, reveal, notes }) => ({ heading, question, reveal, notes })) },
      room: this.room.offer.room ? this.view.told : null, bet: this.view.bets.now,
    }));
  }

  /** @param {{ key?: string }} asked */
  take({ key }) {
    if (!this.room.player?.frame) return;
    const press = (/** @type {string} */ id) => all(`#lesson ${id}:not([hidden]):not(:disabled)`)[0]?.click();
    if (key === "on" || key === "back") {
      if (this.room.lessons.lesson) press(key === "on" ? "#step-next" : "#step-back");
      else this.room.player.move(key === "on" ? 1 : -1);
    } else if (key === "reveal") press("#reveal");
    else if (key === " ") byId("play").click();
    else if (key) document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    this.tell();
  }
}
