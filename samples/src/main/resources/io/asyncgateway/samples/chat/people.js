// Who people are. A name is free to choose, so two may have the same; their ids differ, which nobody can choose. So the colour of a person
// comes from the id, and people whose names look alike are shown with the beginning of theirs.

import { element } from './dom.js';

const KEPT = 2000;
const SHORTEST_TAG = 4;

const people = new Map();
const alike = new Map();
let clashed = () => {};

/** Two names that are the same for a reader: upper and lower case, wide letters, accents, blanks and punctuation left aside. */
function folded(name) {
  return name.normalize('NFKD').toLowerCase().replace(/[^\p{L}\p{N}]/gu, '') || name;
}

/** Called with the ids whose labels have become others. */
export function onClash(listener) {
  clashed = listener;
}

/** Notes a person; those not seen for longest are forgotten. */
export function meet({ id, name }) {
  const known = people.get(id);
  people.delete(id);
  people.set(id, name);
  if (known !== name) {
    if (known !== undefined) forget(id, known);
    const ids = alike.get(folded(name)) ?? new Set();
    alike.set(folded(name), ids.add(id));
    if (ids.size > 1) clashed([...ids]);
  }
  if (people.size > KEPT) {
    const [oldest, oldName] = people.entries().next().value;
    people.delete(oldest);
    forget(oldest, oldName);
  }
}

function forget(id, name) {
  const ids = alike.get(folded(name));
  ids?.delete(id);
  if (ids?.size === 0) alike.delete(folded(name));
}

/** As much of the id as it takes to tell a person from those with a like name; empty where there are none. */
export function tagOf({ id, name }) {
  const others = [...(alike.get(folded(name)) ?? [])].filter((other) => other !== id);
  if (others.length === 0) return '';
  let length = SHORTEST_TAG;
  while (length < id.length && others.some((other) => other.startsWith(id.slice(0, length)))) length += 1;
  return id.slice(0, length);
}

/** The name as one line of text. */
export function labelOf(person) {
  const tag = tagOf(person);
  return tag ? `${person.name} #${tag}` : person.name;
}

/** The name, and behind it the tag. */
export function nameOf(person, className = 'name') {
  const shown = element('span', { className, 'data-person': person.id, 'data-name': person.name });
  relabel(shown);
  return shown;
}

/** Shows the label of a name anew. */
export function relabel(shown) {
  const person = { id: shown.dataset.person, name: shown.dataset.name };
  const tag = tagOf(person);
  shown.replaceChildren(element('bdi', { textContent: person.name }));
  if (tag) shown.append(' ', element('span', { className: 'tag', textContent: `#${tag}` }));
  shown.title = labelOf(person);
}

function initials(name) {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = (word) => [...word].find((letter) => /[\p{L}\p{N}]/u.test(letter)) ?? '';
  const letters = words.length > 1 ? first(words[0]) + first(words.at(-1)) : first(words[0] ?? '');
  return letters.toUpperCase() || [...name][0];
}

/** A disc with the initials, in the person's own colour. Says nothing to screen readers: the name stands beside it. */
export function avatar({ id, name }) {
  const disc = element('span', { className: 'avatar', 'aria-hidden': 'true', textContent: initials(name) });
  // Steps of 24 degrees: 15 colours that one can tell apart.
  disc.style.setProperty('--hue', (Number.parseInt(id.slice(0, 6), 16) % 15) * 24);
  return disc;
}
