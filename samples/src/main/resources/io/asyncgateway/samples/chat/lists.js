// The lists on both sides: rooms and people.

import { $, element } from './dom.js';
import { avatar, labelOf, nameOf } from './people.js';

/** More than anybody reads; the number at the top tells all. */
const SHOWN = 200;
const COLLATOR = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

const count = (number) => (number > 99 ? '99+' : String(number));

function roomLink(room, isCurrent) {
  const link = element('a', { href: `#${room.name}` }, element('span', { className: 'label', textContent: room.name }));
  if (isCurrent) link.setAttribute('aria-current', 'page');
  if (room.unread > 0) {
    link.classList.add('unread');
    link.append(element('span', { className: 'badge', 'aria-hidden': 'true', textContent: count(room.unread) }),
      element('span', { className: 'unseen', textContent: `, ${room.unread} not read` }));
  }
  return link;
}

/** Replaces the items, and keeps the focus where it was. */
function replace(list, items) {
  const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute('href') : null;
  list.replaceChildren(...items);
  if (focused) list.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
}

export function showRooms(chat) {
  const rooms = [...chat.rooms.values()];
  replace($('room-list'), rooms.map((room) => element('li', {}, roomLink(room, room === chat.current))));
  const unread = rooms.reduce((sum, room) => sum + room.unread, 0);
  const elsewhere = unread - (chat.current?.unread ?? 0);
  $('elsewhere').hidden = elsewhere === 0;
  $('elsewhere').replaceChildren(count(elsewhere), element('span', { className: 'unseen', textContent: ' not read' }));
  document.title = `${unread > 0 ? `(${count(unread)}) ` : ''}${chat.current?.name ?? 'Chat'} · Async Gateway`;
}

export function showPeople(chat) {
  const { current, me } = chat;
  if (!current || !me) return;
  const people = current.people();
  const others = people
    .filter(({ id }) => id !== me.id)
    .sort((one, other) => COLLATOR.compare(labelOf(one), labelOf(other)));
  const shown = (others.length < people.length ? [me, ...others] : others).slice(0, SHOWN);
  const items = shown.map((person) => element('li', {}, avatar(person),
    element('span', { className: 'who' }, nameOf(person),
      ...(person.id === me.id ? [' ', element('span', { className: 'tag', textContent: 'you' })] : []))));
  const hidden = people.length - shown.length;
  if (hidden > 0) items.push(element('li', { className: 'more', textContent: `and ${hidden.toLocaleString()} more` }));
  $('people-list').replaceChildren(...items);
}

export function showMe({ me }) {
  $('me-avatar').replaceChildren(avatar(me));
  $('me-name').replaceChildren(nameOf(me, ''));
}
