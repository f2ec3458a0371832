// What this page knows of one room: how far its messages have come, who is there, who types, what was not read.

/** As many senders' ids of messages as are remembered, to know a message that was said again. */
const KEPT_KEYS = 1000;

/** Compares two ids of the log, "milliseconds-sequence". */
export function compareIds(one, other) {
  const [time, sequence] = one.split('-').map(Number);
  const [otherTime, otherSequence] = other.split('-').map(Number);
  return time - otherTime || sequence - otherSequence;
}

export class Room {
  about = '';
  draft = '';
  /** "away" until joined, "joining" while the server replays what we missed, then "here". */
  phase = 'away';
  isEmpty = true;
  /** Persons by the ids of their connections: somebody with two tabs is here until both are closed. */
  members = new Map();
  typing = new Map();
  unread = 0;
  /** The last message that the reader has seen. */
  lastRead = null;
  /** The last message that came; where a new connection goes on. */
  lastSeen = null;

  #keys = new Set();

  constructor(name) {
    this.name = name;
  }

  /** Puts a message behind the others. False where it came before: by its id, or said again by its sender after a lost connection. */
  add(message) {
    if (this.lastSeen !== null && compareIds(message.id, this.lastSeen) <= 0) return false;
    this.lastSeen = message.id;
    const key = `${message.from.id} ${message.clientId}`;
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    if (this.#keys.size > KEPT_KEYS) this.#keys.delete(this.#keys.values().next().value);
    this.isEmpty = false;
    return true;
  }

  /** Who is here, each person once. */
  people() {
    return [...new Map([...this.members.values()].map((person) => [person.id, person])).values()];
  }

  /** Whether the reader has not seen a message. */
  isNews(message) {
    return this.lastRead !== null && compareIds(message.id, this.lastRead) > 0;
  }

  markRead() {
    if (this.lastSeen !== null) this.lastRead = this.lastSeen;
    const changed = this.unread > 0;
    this.unread = 0;
    return changed;
  }
}
