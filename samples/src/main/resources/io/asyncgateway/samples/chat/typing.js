// Who is typing: telling the others, and forgetting those of whom nothing more is heard.

/** Somebody types as long as word of it comes this often; after a lost "stopped" it ends by itself. */
const SHOWN = 6_000;
const TOLD = 2_500;

export class Typing {
  #chat;
  #told = 0;
  #timer;

  constructor(chat) {
    this.#chat = chat;
  }

  /** The reader has typed: whether the others are to be told now. */
  isDue(active) {
    const due = active ? Date.now() - this.#told > TOLD : this.#told > 0;
    if (due) this.#told = active ? Date.now() : 0;
    return due;
  }

  /** What was typed has been said: nobody needs to be told that it has stopped. */
  said() {
    this.#told = 0;
  }

  heard(room, who, active) {
    if (active) {
      room.typing.set(who.id, { who, until: Date.now() + SHOWN });
    } else {
      room.typing.delete(who.id);
    }
    this.#chat.tell('typing', room);
    this.#expire();
  }

  /** They have said something, or gone. */
  stopped(room, id) {
    if (room.typing.delete(id)) this.#chat.tell('typing', room);
  }

  #expire() {
    clearTimeout(this.#timer);
    const now = Date.now();
    let next = Infinity;
    for (const room of this.#chat.rooms.values()) {
      for (const [id, { until }] of room.typing) {
        if (until <= now) {
          this.stopped(room, id);
        } else {
          next = Math.min(next, until);
        }
      }
    }
    if (next < Infinity) this.#timer = setTimeout(() => this.#expire(), next - now);
  }
}
