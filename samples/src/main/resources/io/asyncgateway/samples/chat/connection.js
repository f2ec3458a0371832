// A WebSocket that comes back: with growing pauses, at once when the network or the reader does, and when the peer falls silent.
//
//   connecting ──open──► open ──lost──► waiting ──time, "online", seen again──► connecting
//        └───────────────lost──────────────┘                      stop() leads to stopped from everywhere

const FIRST_DELAY = 500;
const LONGEST_DELAY = 30_000;
/** A connection that held this long was a good one: the next pause is a short one again. */
const GOOD = 5_000;
const PING_INTERVAL = 25_000;
const PONG_WAIT = 10_000;
const CONNECT_WAIT = 15_000;

export class Connection {
  state = 'stopped';
  /** When the next try is due, while the state is "waiting". */
  retryAt = 0;

  #url;
  #listener;
  #socket = null;
  #failures = 0;
  #openedAt = 0;
  #retry;
  #watch;

  /** The listener has changed(), opened() and received(message). */
  constructor(url, listener) {
    this.#url = url;
    this.#listener = listener;
    addEventListener('online', () => this.#nudge());
    addEventListener('offline', () => this.#nudge());
    document.addEventListener('visibilitychange', () => document.hidden || this.#nudge());
  }

  start() {
    if (this.state === 'stopped') this.#connect();
  }

  stop() {
    this.#drop();
    clearTimeout(this.#retry);
    this.#failures = 0;
    this.#become('stopped');
  }

  /** Tries now instead of later. */
  retryNow() {
    if (this.state === 'waiting') this.#connect();
  }

  /** Sends a message; false where there is no connection. */
  send(message) {
    if (this.state !== 'open') return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  #become(state) {
    this.state = state;
    this.#listener.changed();
  }

  #connect() {
    clearTimeout(this.#retry);
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    // What a socket says that has been given up is of no interest.
    const mine = (handle) => (event) => this.#socket === socket && handle(event);
    socket.onopen = mine(() => this.#opened());
    socket.onmessage = mine((event) => this.#received(event));
    socket.onclose = mine(() => this.#lost());
    this.#expect(CONNECT_WAIT);
    this.#become('connecting');
  }

  #opened() {
    this.#openedAt = performance.now();
    this.#rest();
    this.#become('open');
    this.#listener.opened();
  }

  #received(event) {
    this.#rest();
    const message = JSON.parse(event.data);
    if (message.type !== 'pong') this.#listener.received(message);
  }

  #lost() {
    this.#failures = this.state === 'open' && performance.now() - this.#openedAt > GOOD ? 0 : this.#failures;
    this.#drop();
    // Half of the pause is chance, so that all the clients of a server that restarts do not come at once.
    const pause = Math.min(FIRST_DELAY * 2 ** this.#failures, LONGEST_DELAY) * (0.5 + Math.random() / 2);
    this.#failures += 1;
    this.retryAt = Date.now() + pause;
    this.#retry = setTimeout(() => this.#connect(), pause);
    this.#become('waiting');
  }

  #drop() {
    clearTimeout(this.#watch);
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /** The peer has given a sign of life: the next ping is due in a while. */
  #rest() {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#probe(), PING_INTERVAL);
  }

  #probe() {
    this.send({ type: 'ping' });
    this.#expect(PONG_WAIT);
  }

  #expect(wait) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#lost(), wait);
  }

  /** Something has changed around us: look now. */
  #nudge() {
    if (this.state === 'open') {
      this.#probe();
    } else if (navigator.onLine) {
      this.retryNow();
    }
    this.#listener.changed();
  }
}
