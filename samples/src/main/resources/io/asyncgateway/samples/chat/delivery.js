// Brings what waits in the outbox to the server, one message after the other, and decides what becomes of each.

/** A server that takes a message answers; where it does not, asking again does no harm. */
const ACK_WAIT = 15_000;
const RETRY_WAIT = 2_000;

export class Delivery {
  #outbox;
  #line;
  #ackTimer;
  #pause = 0;

  /** The line has isReady(room), send(message), changed(room) and slowed(text). */
  constructor(outbox, line) {
    this.#outbox = outbox;
    this.#line = line;
  }

  /** Sends the next message, if there is one that may go now. */
  pump() {
    if (Date.now() < this.#pause) return;
    const message = this.#outbox.next((room) => this.#line.isReady(room));
    if (!message) return;
    this.#outbox.sending(message);
    const { room, text, clientId } = message;
    this.#line.send({ type: 'say', room, text, clientId });
    this.#line.changed(room);
    clearTimeout(this.#ackTimer);
    this.#ackTimer = setTimeout(() => this.#unanswered(message), ACK_WAIT);
  }

  /** The server has refused a message: some of them go out later, the others are the reader's to decide. */
  refused(message, kind, text, retryAfter) {
    clearTimeout(this.#ackTimer);
    if (kind === 'too-fast') {
      this.#outbox.postpone(message);
      this.#wait(retryAfter);
      this.#line.slowed(text);
    } else if (kind === 'unavailable') {
      this.#outbox.again(message, text);
      this.#wait(RETRY_WAIT);
    } else {
      this.#outbox.failed(message, text);
      this.pump();
    }
    this.#line.changed(message.room);
  }

  disconnected() {
    clearTimeout(this.#ackTimer);
    this.#outbox.disconnected();
  }

  #wait(pause) {
    this.#pause = Date.now() + pause;
    setTimeout(() => this.pump(), pause);
  }

  #unanswered(message) {
    if (message.state !== 'sending') return;
    this.#outbox.again(message, 'The server does not answer.');
    this.#line.changed(message.room);
    this.pump();
  }
}
