// The room in the middle: its head, its log, and what goes on below it.

import { $, setText } from './dom.js';
import { Log } from './log.js';
import { labelOf } from './people.js';

const NAMED = 3;

export class RoomView {
  #chat;
  #logs = new Map();

  constructor(chat) {
    this.#chat = chat;
    chat.on('current', () => this.#show());
    chat.on('joining', (room) => this.#log(room).joining());
    chat.on('joined', (room, complete) => this.#log(room).joined(complete));
    chat.on('entry', (room, entry) => this.#append(room, entry));
    chat.on('pending', (room, said) => this.#pending(room, said));
    chat.on('typing', (room) => room === chat.current && this.#typing());
    chat.on('people', (room) => room === chat.current && this.#heading());
    chat.on('rooms', () => this.#heading());
    chat.on('left', (room) => this.#remove(room));
    $('to-end').addEventListener('click', () => this.#log(chat.current).toEnd());
    $('leave-room').addEventListener('click', () => chat.leave(chat.current));
    document.addEventListener('visibilitychange', () => this.#scrolled());
    setInterval(() => this.#logs.forEach((log) => log.renameDays()), 60_000);
  }

  #log(room) {
    let log = this.#logs.get(room.name);
    if (!log) {
      log = new Log(this.#chat, room, () => room === this.#chat.current && this.#scrolled());
      this.#logs.set(room.name, log);
      $('logs').append(log.element);
    }
    return log;
  }

  #show() {
    const { current } = this.#chat;
    this.#logs.forEach((log, name) => name !== current.name && log.hide());
    const log = this.#log(current);
    log.showPending(this.#chat.outbox.of(current.name));
    log.show();
    this.#heading();
    this.#typing();
  }

  #heading() {
    const { current, rooms } = this.#chat;
    if (!current) return;
    setText($('room-title'), current.name);
    setText($('room-about'), current.about);
    setText($('people-count'), String(current.people().length));
    $('leave').hidden = rooms.size < 2;
  }

  #append(room, entry) {
    this.#log(room).append(entry);
    if (room === this.#chat.current) this.#scrolled();
  }

  #pending(room, said) {
    if (!this.#chat.me) return;
    const log = this.#log(room);
    log.showPending(this.#chat.outbox.of(room.name));
    if (said) log.toEnd();
  }

  #remove(room) {
    this.#logs.get(room.name)?.element.remove();
    this.#logs.delete(room.name);
  }

  /** The end of the log is in view, or not: marks as read what was seen, or says how much there is below. */
  #scrolled() {
    const { current } = this.#chat;
    if (!current) return;
    const log = this.#log(current);
    if (log.isAtEnd && !document.hidden) this.#chat.markRead(current);
    const button = $('to-end');
    button.hidden = log.isAtEnd;
    const news = current.unread;
    setText(button, news === 0 ? 'To the newest ↓' : `${news} new ${news === 1 ? 'message' : 'messages'} ↓`);
  }

  #typing() {
    const names = [...this.#chat.current.typing.values()].map(({ who }) => labelOf(who));
    setText($('typing'), typingText(names));
  }
}

function typingText(names) {
  if (names.length === 0) return '';
  if (names.length === 1) return `${names[0]} is typing …`;
  if (names.length > NAMED) return 'Several people are typing …';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)} are typing …`;
}
