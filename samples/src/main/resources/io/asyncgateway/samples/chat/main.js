// Puts the page together.

import { banner } from './banner.js';
import { Chat } from './chat.js';
import { Composer } from './composer.js';
import { $, setText } from './dom.js';
import { drawers } from './drawers.js';
import { showMe, showPeople, showRooms } from './lists.js';
import { onClash, relabel } from './people.js';
import { RoomView } from './room-view.js';
import { browser, tab } from './storage.js';

const url = new URL('ws', location.href);
url.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';

const chat = new Chat(url.href);
new RoomView(chat);
const composer = new Composer(chat);
drawers(chat);
banner(chat);

// Signing in and changing the name.

function askName(problem) {
  const name = $('name');
  name.value = tab.read('name') ?? browser.read('name', '');
  name.setAttribute('aria-invalid', String(problem !== ''));
  setText($('name-problem'), problem);
  $('keep-name').hidden = !chat.me || problem !== '';
  $('app').hidden = true;
  $('sign-in').hidden = false;
  name.focus();
  name.select();
}

function showApp() {
  $('sign-in').hidden = true;
  $('app').hidden = false;
}

function signIn(name) {
  tab.write('name', name);
  browser.write('name', name);
  showApp();
  chat.signIn(name);
  const wanted = location.hash.slice(1);
  chat.open(isRoomName(wanted) ? wanted : chat.current?.name ?? 'lobby');
}

function keepName() {
  showApp();
  $('change-name').focus();
}

$('sign-in-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const name = $('name').value.trim();
  if (name === '') {
    askName('Please type a name.');
  } else {
    signIn(name);
  }
});
$('change-name').addEventListener('click', () => askName(''));
$('keep-name').addEventListener('click', keepName);
$('sign-in-form').addEventListener('keydown', (event) => event.key === 'Escape' && !$('keep-name').hidden && keepName());

// Rooms. The one that is shown stands in the address, so that it can be sent to a friend, and "back" leads to the one before.

function isRoomName(name) {
  return /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/.test(name);
}

$('open-room').addEventListener('submit', (event) => {
  event.preventDefault();
  const input = $('room-name');
  const name = input.value.trim().toLowerCase().replace(/^#/, '').replace(/[\s_]+/g, '-');
  const problem = isRoomName(name) ? '' : 'A room’s name has letters a to z, digits and hyphens; up to 32 of them.';
  setText($('room-problem'), problem);
  input.setAttribute('aria-invalid', String(problem !== ''));
  if (problem === '' && chat.open(name)) input.value = '';
});
addEventListener('hashchange', () => {
  const name = location.hash.slice(1);
  if (chat.me && isRoomName(name) && name !== chat.current?.name) chat.open(name);
});
addEventListener('keydown', (event) => {
  if (event.altKey && !event.ctrlKey && !event.metaKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    if (!chat.current || $('app').hidden) return;
    event.preventDefault();
    chat.openNeighbour(event.key === 'ArrowUp' ? -1 : 1);
  }
});

chat.on('current', (room) => {
  if (location.hash !== `#${room.name}`) location.hash = room.name;
  showRooms(chat);
  showPeople(chat);
});
chat.on('rooms', () => showRooms(chat));
chat.on('entry', () => showRooms(chat));
chat.on('people', (room) => room === chat.current && showPeople(chat));
chat.on('me', () => {
  showMe(chat);
  showPeople(chat);
  composer.focus();
});
chat.on('name-problem', askName);
onClash((ids) => ids.forEach((id) =>
  document.querySelectorAll(`[data-person="${CSS.escape(id)}"]`).forEach(relabel)));

const name = tab.read('name');
if (name) {
  signIn(name);
} else {
  askName('');
}
