// Where one types. Each room keeps its own draft.

import { $, setText } from './dom.js';

/** From so near to the limit on, the page says how much is left. */
const NEARLY = 200;
const NOTICE_SHOWN = 6_000;
const WITH_KEYBOARD = matchMedia('(hover: hover) and (pointer: fine)');

export class Composer {
  #chat;
  #text = $('text');
  #timer;

  constructor(chat) {
    this.#chat = chat;
    $('composer').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#text.addEventListener('keydown', (event) => this.#key(event));
    this.#text.addEventListener('input', () => {
      chat.draft(this.#text.value);
      this.#changed();
    });
    chat.on('current', (room) => this.#show(room));
    chat.on('notice', (text, bad) => this.#notice(text, bad));
    new ResizeObserver(() => this.#fit()).observe($('composer'));
  }

  /** Puts the cursor there, but does not call up the keyboard of a phone. */
  focus() {
    if (WITH_KEYBOARD.matches) this.#text.focus({ preventScroll: true });
  }

  #show(room) {
    this.#text.value = room.draft;
    setText($('text-label'), `Message in ${room.name}`);
    this.#text.placeholder = `Message in ${room.name}`;
    this.#notice('', false);
    this.#changed();
    this.focus();
  }

  #key(event) {
    // While an input method composes a word, Enter belongs to it.
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.#send();
    }
  }

  #send() {
    const text = this.#text.value.trim();
    if (text === '' || this.#isTooLong(text)) {
      this.#changed();
      return;
    }
    if (this.#chat.say(text)) {
      this.#text.value = '';
      this.#chat.current.draft = '';
      this.#chat.draft('');
      this.#changed();
    }
  }

  #changed() {
    const text = this.#text.value.trim();
    const { text: limit } = this.#chat.limits;
    // Characters as people count them more or less, and as the server does: not UTF-16 units.
    const left = limit - [...text].length;
    if (left < 0) {
      this.#notice(`${(-left).toLocaleString()} too many: a message has at most ${limit.toLocaleString()} characters. Perhaps make it two?`, true, true);
    } else if (left < NEARLY) {
      this.#notice(`${left.toLocaleString()} characters left`, false, true);
    } else if ($('notice').hasAttribute('data-length')) {
      this.#notice('', false);
    }
    $('send').disabled = text === '' || left < 0;
    this.#fit();
  }

  #isTooLong(text) {
    return [...text].length > this.#chat.limits.text;
  }

  /** Says something below; what is about the length stays until that changes. */
  #notice(text, bad, aboutLength = false) {
    clearTimeout(this.#timer);
    const notice = $('notice');
    notice.classList.toggle('bad', bad);
    notice.toggleAttribute('data-length', aboutLength);
    setText(notice, text);
    if (text && !aboutLength) this.#timer = setTimeout(() => this.#notice('', false), NOTICE_SHOWN);
  }

  /** As high as the text, up to a limit. */
  #fit() {
    this.#text.style.height = 'auto';
    this.#text.style.height = `${this.#text.scrollHeight + 2}px`;
  }
}
