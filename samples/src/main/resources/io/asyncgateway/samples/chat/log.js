// The messages of one room, as they stand on the page.

import { element } from './dom.js';
import { withLinks } from './links.js';
import { avatar, nameOf } from './people.js';
import { clock, dayName, dayOf, full, shortClock } from './time.js';

/** Messages of one person that follow within this time stand below one name. */
const GROUP = 5 * 60_000;
/** As many lines as a page keeps of one room; the server has more. */
const KEPT_LINES = 500;
/** So near to its end a log counts as read to the end. */
const NEAR = 60;

export class Log {
  #chat;
  #room;
  #list;
  #pending = element('ol', { className: 'pending-list', 'aria-label': 'Not sent yet' });
  #empty = element('div', { className: 'empty' });
  #news = null;
  /** The message at the end, where the next one may go below the same name. */
  #last = null;
  #day = null;
  #resumeAfter = null;
  #height = 0;
  #atEnd = true;
  #scrolled;

  /** scrolled() is called when the end has come into view or left it. */
  constructor(chat, room, scrolled) {
    this.#chat = chat;
    this.#room = room;
    this.#scrolled = scrolled;
    // Silent until the history is there: it is not news.
    this.#list = element('div', { role: 'log', 'aria-live': 'off', 'aria-label': `Messages in ${room.name}` });
    this.element = element('div', { className: 'scroller', tabIndex: 0, role: 'region',
      'aria-label': `Messages in ${room.name}`, hidden: true }, this.#empty, this.#list, this.#pending);
    this.#showEmpty(true);
    this.element.addEventListener('scroll', () => this.#onScroll(), { passive: true });
    new ResizeObserver(() => this.#resized()).observe(this.element);
  }

  get isAtEnd() {
    return this.#atEnd;
  }

  show() {
    this.element.hidden = false;
    this.#height = this.element.clientHeight;
    if (this.#news) {
      this.#news.scrollIntoView({ block: 'center' });
      this.#onScroll();
    } else {
      this.toEnd();
    }
  }

  hide() {
    this.element.hidden = true;
    this.#news?.remove();
    this.#news = null;
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
    this.#atEnd = true;
    this.#scrolled();
  }

  joining() {
    this.#list.setAttribute('aria-live', 'off');
    this.#list.setAttribute('aria-busy', 'true');
    this.#showEmpty(true);
    this.#resumeAfter = this.#list.lastElementChild;
  }

  /** The history is there. Where it is not complete, a line says so, behind what was there before. */
  joined(complete) {
    if (!complete && this.#resumeAfter?.isConnected) {
      this.#resumeAfter.after(this.#divider('gap', 'Some messages could not be recovered'));
      this.#keepEnd();
    }
    this.#list.setAttribute('aria-live', 'polite');
    this.#list.removeAttribute('aria-busy');
    this.#showEmpty(false);
  }

  #showEmpty(loading) {
    const filled = !this.#room.isEmpty || this.#pending.children.length > 0;
    this.#empty.hidden = filled;
    this.#empty.replaceChildren(...loading
      ? ['Fetching the messages …']
      : [element('strong', { textContent: 'Nobody has said anything yet' }), 'The first word is yours.']);
  }

  append(entry) {
    const at = new Date(entry.at);
    if (this.#day !== dayOf(at)) {
      this.#day = dayOf(at);
      const divider = this.#divider('day', dayName(at));
      divider.dataset.at = entry.at;
      this.#add(divider);
      this.#last = null;
    }
    if (this.#news === null && this.#room.unread === 1 && this.#room.isNews(entry) && !this.#isRead()) {
      this.#news = this.#add(this.#divider('news', 'New'));
      this.#last = null;
    }
    this.#add(this.#message(entry, at));
    this.#last = entry;
    this.#empty.hidden = true;
  }

  #isRead() {
    return !this.element.hidden && !document.hidden && this.#atEnd;
  }

  /** Puts a line at the end; the oldest go where there are too many. */
  #add(line) {
    this.#list.append(line);
    while (this.#list.children.length > KEPT_LINES) {
      const height = this.element.scrollHeight;
      this.#list.firstElementChild.remove();
      if (!this.#atEnd) this.element.scrollTop -= height - this.element.scrollHeight;
    }
    this.#keepEnd();
    return line;
  }

  #divider(kind, text) {
    return element('div', { className: `divider ${kind}`, role: 'separator', 'aria-label': text },
      element('span', { textContent: text }));
  }

  #message({ from, text, at: iso }, at) {
    const follows = this.#last !== null && this.#last.from.id === from.id && this.#last.from.name === from.name
      && at - new Date(this.#last.at) < GROUP;
    const time = element('time', { dateTime: iso, title: full(at), textContent: clock(at) });
    const live = this.#list.getAttribute('aria-live') === 'polite' ? ' live' : '';
    const body = element('div', { className: 'text' }, ...withLinks(text));
    if (follows) {
      time.className = 'aside';
      time.textContent = shortClock(at);
      return element('article', { className: `message more${live}` }, time,
        element('span', { className: 'unseen' }, nameOf(from, ''), ': '), body);
    }
    const you = from.id === this.#chat.me.id ? [element('span', { className: 'tag', textContent: 'you' })] : [];
    return element('article', { className: `message${live}` }, avatar(from),
      element('div', { className: 'by' }, nameOf(from), ...you, time), body);
  }

  /** Shows what is not in the log yet, below it. */
  showPending(messages) {
    const focused = this.#pending.contains(document.activeElement);
    this.#pending.replaceChildren(...messages.map((message) => this.#pendingMessage(message)));
    this.#pending.hidden = messages.length === 0;
    if (messages.length > 0) this.#empty.hidden = true;
    if (focused) this.element.focus();
    this.#keepEnd();
  }

  #pendingMessage(message) {
    const failed = message.state === 'failed';
    const item = element('li', { className: `message pending${failed ? ' failed' : ''}` }, avatar(this.#chat.me),
      element('div', { className: 'by' }, nameOf(this.#chat.me), element('span', { className: 'tag', textContent: 'you' })),
      element('div', { className: 'text' }, ...withLinks(message.text)));
    const state = element('div', { className: 'state' }, this.#stateText(message));
    if (failed) {
      state.append(
        element('button', { type: 'button', className: 'quiet', textContent: 'Try again', onclick: () => this.#chat.retry(message) }),
        element('button', { type: 'button', className: 'quiet', textContent: 'Discard', onclick: () => this.#chat.discard(message) }));
    }
    item.append(state);
    return item;
  }

  #stateText({ state, problem }) {
    switch (state) {
      case 'failed': return `Not sent. ${problem}`;
      case 'waiting': return this.#room.phase === 'here' ? 'Waiting for its turn' : 'Will be sent once connected';
      case 'sent': return 'Sent';
      default: return 'Sending …';
    }
  }

  /** Yesterday's "Today" is no longer right. */
  renameDays() {
    for (const divider of this.#list.querySelectorAll('.day')) {
      const name = dayName(new Date(divider.dataset.at));
      divider.setAttribute('aria-label', name);
      divider.firstElementChild.textContent = name;
    }
  }

  #keepEnd() {
    if (this.#atEnd && !this.element.hidden) this.element.scrollTop = this.element.scrollHeight;
  }

  #resized() {
    this.#height = this.element.clientHeight;
    this.#keepEnd();
  }

  #onScroll() {
    if (this.element.hidden) return;
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    if (clientHeight !== this.#height) {
      // Nobody has scrolled: the space has become another one.
      this.#resized();
      return;
    }
    this.#atEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    this.#scrolled();
  }
}
