// The same chat over the protocols that a browser chooses by itself: HTTP/2 with its WebSocket, and HTTP/3.

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { end, launch, Person } from './support.mjs';

const URL_OF_CHAT = process.env.CHAT_URL;
/** The hash of the key that the browser takes for good. */
const TRUST = `--ignore-certificate-errors-spki-list=${process.env.CHAT_KEY_HASH}`;

const protocol = (person) => person.page.evaluate(() => performance.getEntriesByType('navigation')[0].nextHopProtocol);

async function chats(expected, ...args) {
  const browser = await launch(TRUST, ...args);
  try {
    const ada = await Person.join(browser, URL_OF_CHAT, 'Ada', { room: expected });
    const grace = await Person.join(browser, URL_OF_CHAT, 'Grace', { room: expected });
    assert.equal(await protocol(ada), expected);
    await ada.say(`over ${expected}`);
    await grace.sees(`over ${expected}`);
    for (const person of [ada, grace]) await person.leave();
  } finally {
    await end(browser);
  }
}

it('speaks HTTP/2', () => chats('h2', '--disable-quic'));

it('speaks HTTP/3', () => chats('h3', '--enable-quic', `--origin-to-force-quic-on=${new URL(URL_OF_CHAT).host}`));
