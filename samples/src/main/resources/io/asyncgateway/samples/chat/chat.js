// The protocol, seen from the page: keeps rooms and outbox as the server tells, and tells the views what has changed. The messages are those of
// the package documentation of io.asyncgateway.samples.chat.

import { Connection } from './connection.js';
import { Delivery } from './delivery.js';
import { Events } from './events.js';
import { Outbox } from './outbox.js';
import { meet } from './people.js';
import { Room } from './room.js';
import { randomId, tab } from './storage.js';
import { Typing } from './typing.js';

/** Before a room is joined again that could not be. */
const REJOIN_WAIT = 2_000;

export class Chat extends Events {
  me = null;
  limits = { text: 2000, name: 24, rooms: 16 };
  rooms = new Map();
  current = null;
  outbox = new Outbox();

  #name = null;
  #key = tab.read('key') ?? randomId();
  #connection;
  #typing = new Typing(this);
  #delivery = new Delivery(this.outbox, {
    // What the log holds already is seen while a room catches up, so its messages wait until then.
    isReady: (room) => this.#connection.state === 'open' && this.rooms.get(room)?.phase === 'here',
    send: (message) => this.#connection.send(message),
    changed: (room) => this.#pendingChanged(room),
    slowed: (text) => this.tell('notice', text, false),
  });

  constructor(url) {
    super();
    tab.write('key', this.#key);
    this.#connection = new Connection(url, {
      changed: () => this.#connectionChanged(),
      opened: () => this.#connection.send({ type: 'hello', name: this.#name, key: this.#key }),
      received: (message) => this.#received(message),
    });
    const drafts = tab.read('drafts', {});
    const read = tab.read('read', {});
    for (const name of tab.read('rooms', [])) {
      const room = this.#room(name);
      room.draft = drafts[name] ?? '';
      room.lastRead = read[name] ?? null;
    }
  }

  get connection() {
    return { state: this.#connection.state, retryAt: this.#connection.retryAt };
  }

  // What the reader does.

  signIn(name) {
    this.#connection.stop();
    this.#name = name;
    this.#connection.start();
  }

  retryNow() {
    this.#connection.retryNow();
  }

  /** Shows a room, and joins it where that is to be done. False where it can't be. */
  open(name) {
    const known = this.rooms.has(name);
    if (!known && this.rooms.size >= this.limits.rooms) {
      this.tell('notice', `You are in ${this.rooms.size} rooms, which is the most. Leave one first.`, true);
      return false;
    }
    const room = this.#room(name);
    this.#join(room);
    this.current = room;
    if (!known) this.tell('rooms');
    this.tell('current', room);
    return true;
  }

  leave(room) {
    this.#connection.send({ type: 'leave', room: room.name });
    this.#forget(room);
  }

  /** Opens the neighbour in the list: 1 is the next, -1 the one before. */
  openNeighbour(step) {
    const names = [...this.rooms.keys()];
    const index = names.indexOf(this.current.name) + step;
    this.open(names.at(index % names.length));
  }

  say(text) {
    if (this.outbox.isFull) {
      this.tell('notice', 'Many messages wait to be sent already. A moment, please.', true);
      return false;
    }
    const message = this.outbox.add(this.current.name, text);
    this.#typing.said();
    this.tell('pending', this.current, message);
    this.#delivery.pump();
    return true;
  }

  retry(message) {
    this.outbox.retry(message);
    this.#pendingChanged(message.room);
    this.#delivery.pump();
  }

  discard(message) {
    this.outbox.remove(message.clientId);
    this.#pendingChanged(message.room);
  }

  /** The draft has changed: remembers it, and lets the others know that somebody types. */
  draft(text) {
    this.current.draft = text;
    tab.write('drafts', Object.fromEntries([...this.rooms.values()].map((room) => [room.name, room.draft])));
    const active = text.trim() !== '';
    if (this.#typing.isDue(active) && this.current.phase === 'here') {
      this.#connection.send({ type: 'typing', room: this.current.name, active });
    }
  }

  markRead(room) {
    if (room.markRead()) this.tell('rooms');
    tab.write('read', Object.fromEntries([...this.rooms.values()].map(({ name, lastRead }) => [name, lastRead])));
  }

  // What the server says.

  #received(message) {
    const room = this.rooms.get(message.room);
    switch (message.type) {
      case 'welcome': return this.#welcome(message);
      case 'joined': return room && this.#joined(room, message);
      case 'message': return room && this.#message(room, message);
      case 'members': return room && this.#members(room, message);
      case 'gap': return this.tell('notice', 'Some messages could not be recovered.', true);
      case 'presence': return room && this.#presence(room, message);
      case 'typing': return room && this.#typed(room, message);
      case 'ack': return this.#acknowledged(message);
      case 'error': return this.#error(message);
      default: return undefined;
    }
  }

  #welcome({ you, rooms, limits }) {
    this.me = you;
    this.limits = limits;
    meet(you);
    const left = tab.read('left', []);
    for (const { name, about } of rooms) {
      if (this.rooms.has(name) || !left.includes(name)) this.#room(name).about = about;
    }
    for (const room of this.rooms.values()) this.#join(room);
    this.tell('me');
    this.tell('rooms');
    this.#delivery.pump();
  }

  /** Everything that was missed has come before this. */
  #joined(room, { complete, latest }) {
    room.phase = 'here';
    // A room that one comes to for the first time is not full of news.
    room.lastRead ??= room.lastSeen ?? latest;
    room.lastSeen ??= latest;
    this.tell('joined', room, complete);
    this.#delivery.pump();
  }

  #members(room, { members }) {
    room.members = new Map(members.map((person) => [person.member, person]));
    members.forEach(meet);
    this.tell('people', room);
  }

  #message(room, message) {
    meet(message.from);
    const mine = message.from.id === this.me.id;
    const added = room.add(message);
    if (mine) {
      this.outbox.remove(message.clientId);
      // The others take us for one who has stopped typing.
      this.#typing.said();
    }
    this.outbox.settle(room.name, room.lastSeen);
    if (added) {
      this.#typing.stopped(room, message.from.id);
      if (!mine && room.isNews(message)) room.unread += 1;
      this.tell('entry', room, message);
    }
    this.tell('pending', room);
    if (mine) this.#delivery.pump();
  }

  #presence(room, { who, here }) {
    meet(who);
    if (here) {
      room.members.set(who.member, who);
    } else {
      room.members.delete(who.member);
      this.#typing.stopped(room, who.id);
    }
    this.tell('people', room);
  }

  #typed(room, { who, active }) {
    if (who.id === this.me.id) return;
    meet(who);
    this.#typing.heard(room, who, active);
  }

  #acknowledged({ clientId, id }) {
    const message = this.outbox.find(clientId);
    if (!message) return;
    this.outbox.acknowledged(message, id);
    const seen = this.rooms.get(message.room)?.lastSeen;
    if (seen) this.outbox.settle(message.room, seen);
    this.#pendingChanged(message.room);
    this.#delivery.pump();
  }

  #error({ kind, text, room, clientId, retryAfter }) {
    const message = clientId && this.outbox.find(clientId);
    if (message) {
      this.#delivery.refused(message, kind, text, retryAfter);
    } else if (kind === 'name') {
      this.#connection.stop();
      this.tell('name-problem', text);
    } else if (kind === 'room' && this.rooms.get(room)?.phase === 'joining') {
      this.#forget(this.rooms.get(room));
      this.tell('notice', text, true);
    } else if ((kind === 'unavailable' || kind === 'too-fast') && this.rooms.get(room)?.phase === 'joining') {
      const waiting = this.rooms.get(room);
      waiting.phase = 'away';
      setTimeout(() => this.#join(waiting), retryAfter ?? REJOIN_WAIT);
    } else {
      this.tell('notice', text, true);
    }
  }

  // The outbox, the connection and the rooms.

  #pendingChanged(name) {
    const room = this.rooms.get(name);
    if (room) this.tell('pending', room);
  }

  #connectionChanged() {
    if (this.#connection.state === 'waiting' || this.#connection.state === 'stopped') {
      this.#delivery.disconnected();
      for (const room of this.rooms.values()) {
        room.phase = 'away';
        room.typing.clear();
        this.tell('typing', room);
        this.tell('pending', room);
      }
    }
    this.tell('connection', this.connection);
  }

  #room(name) {
    const known = this.rooms.get(name);
    if (known) return known;
    const room = new Room(name);
    this.rooms.set(name, room);
    this.#remember(tab.read('left', []).filter((left) => left !== name));
    return room;
  }

  #join(room) {
    if (room.phase !== 'away' || this.me === null || this.#connection.state !== 'open') return;
    room.phase = 'joining';
    this.tell('joining', room);
    this.#connection.send({ type: 'join', room: room.name, lastSeen: room.lastSeen ?? undefined });
  }

  #forget(room) {
    const wasCurrent = this.current === room;
    if (wasCurrent) this.openNeighbour(1);
    this.rooms.delete(room.name);
    this.outbox.removeRoom(room.name);
    this.#remember([...tab.read('left', []), room.name].slice(-50));
    this.tell('left', room);
    this.tell('rooms');
  }

  #remember(left) {
    tab.write('rooms', [...this.rooms.keys()]);
    tab.write('left', left);
  }
}
