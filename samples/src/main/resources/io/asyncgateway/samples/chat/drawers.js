// The lists at the sides. Where there is room they stand beside the messages; else they come over them, and then the rest of the page waits:
// the focus goes in, Escape and a tap beside it lead out, and the focus goes back.

import { $ } from './dom.js';

class Drawer {
  #opener;
  #panel;
  #isOver;

  constructor(name, isOver, others) {
    this.#panel = $(name);
    this.#opener = $(`${name}-open`);
    this.#isOver = isOver;
    this.others = others;
    this.#opener.addEventListener('click', () => (this.isOpen ? this.close() : this.open()));
    $(`${name}-close`).addEventListener('click', () => this.close());
    isOver.addEventListener('change', () => this.set(false));
  }

  get isOpen() {
    return this.#panel.classList.contains('open');
  }

  get isOver() {
    return this.#isOver.matches;
  }

  open() {
    this.set(true);
    if (this.isOver) this.#panel.querySelector('button').focus();
  }

  close() {
    if (!this.isOpen) return;
    const hadFocus = this.#panel.contains(document.activeElement);
    this.set(false);
    if (hadFocus) this.#opener.focus();
  }

  set(open) {
    this.#panel.classList.toggle('open', open);
    this.#opener.setAttribute('aria-expanded', String(open));
    const over = open && this.isOver;
    $('scrim').hidden = !over;
    for (const other of this.others) $(other).inert = over;
  }
}

export function drawers(chat) {
  const narrow = matchMedia('(max-width: 719px)');
  const medium = matchMedia('(max-width: 1099px)');
  const rooms = new Drawer('rooms', narrow, ['room', 'people']);
  const people = new Drawer('people', medium, ['room', 'rooms']);
  people.set(!medium.matches);
  medium.addEventListener('change', () => people.set(!medium.matches));

  const closeOver = () => [rooms, people].filter((drawer) => drawer.isOver).forEach((drawer) => drawer.close());
  $('scrim').addEventListener('click', closeOver);
  addEventListener('keydown', (event) => event.key === 'Escape' && closeOver());
  chat.on('current', () => rooms.isOver && rooms.set(false));
}
