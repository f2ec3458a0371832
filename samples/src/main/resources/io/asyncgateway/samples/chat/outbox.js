// What was said and is not in the log yet. One message is on its way at a time, the next goes when the server has answered, so the
// order stays. A message keeps its clientId over every try: the server and every page take a second copy for what it is.
//
//   waiting ──sent──► sending ──ack──► sent ──seen in the log──► gone
//      ▲                 ├──lost connection, "too-fast", "unavailable"──► waiting
//      └────retry────────┴──refused──► failed

import { compareIds } from './room.js';
import { randomId, tab } from './storage.js';

/** As many as may wait; then the reader is asked for patience. */
const MOST = 50;
const MOST_TRIES = 4;

export class Outbox {
  #messages = tab.read('outbox', []).map((message) =>
    message.state === 'failed' ? message : { ...message, state: 'waiting' });

  get isFull() {
    return this.#messages.length >= MOST;
  }

  of(room) {
    return this.#messages.filter((message) => message.room === room);
  }

  add(room, text) {
    const message = { clientId: randomId(), room, text, at: Date.now(), state: 'waiting', tries: 0 };
    this.#messages.push(message);
    this.#save();
    return message;
  }

  find(clientId) {
    return this.#messages.find((message) => message.clientId === clientId);
  }

  /** The next to be sent: none while another is on its way. */
  next(isReady) {
    if (this.#messages.some((message) => message.state === 'sending')) return undefined;
    return this.#messages.find((message) => message.state === 'waiting' && isReady(message.room));
  }

  sending(message) {
    message.state = 'sending';
    message.tries += 1;
  }

  /** The server has it, under this id. */
  acknowledged(message, id) {
    message.state = 'sent';
    message.id = id;
    this.#save();
  }

  /** What the log has shown, or has gone past, waits no more. */
  settle(room, lastSeen) {
    this.#keep((message) =>
      message.room !== room || message.state !== 'sent' || compareIds(message.id, lastSeen) > 0);
  }

  remove(clientId) {
    this.#keep((message) => message.clientId !== clientId);
  }

  removeRoom(room) {
    this.#keep((message) => message.room !== room);
  }

  /** Tries it again, unless it has been tried too often. */
  again(message, problem) {
    const hopeless = message.tries >= MOST_TRIES;
    this.#become(message, hopeless ? 'failed' : 'waiting', hopeless ? problem : '');
  }

  /** Goes back without having counted as a try. */
  postpone(message) {
    message.tries -= 1;
    this.#become(message, 'waiting', '');
  }

  failed(message, problem) {
    this.#become(message, 'failed', problem);
  }

  retry(message) {
    message.tries = 0;
    this.#become(message, 'waiting', '');
  }

  /** The connection is lost: nobody knows whether what was on its way has arrived. */
  disconnected() {
    for (const message of this.#messages) {
      if (message.state === 'sending') this.postpone(message);
    }
  }

  #become(message, state, problem) {
    message.state = state;
    message.problem = problem;
    this.#save();
  }

  #keep(condition) {
    this.#messages = this.#messages.filter(condition);
    this.#save();
  }

  #save() {
    tab.write('outbox', this.#messages);
  }
}
