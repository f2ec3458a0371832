// Two processes that are one chat over Redis: people on both, and one who moves from a process that dies to the other.

import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { end, eventually, launch, Network, Person } from './support.mjs';

const ONE = process.env.CHAT_URL;
const OTHER = process.env.CHAT_OTHER_URL;
const PID_OF_ONE = Number(process.env.CHAT_PID);

let browser;

before(async () => (browser = await launch()));
after(() => end(browser));

it('is one chat on two processes, also when one of them dies', async () => {
  const room = 'nodes';
  const network = await Network.to(ONE);
  const ada = await Person.join(browser, network.url, 'Ada', { room });
  const grace = await Person.join(browser, ONE, 'Grace', { room });
  const katherine = await Person.join(browser, OTHER, 'Katherine', { room });
  await ada.seesPeople('Ada you', 'Grace', 'Katherine');
  await katherine.seesPeople('Katherine you', 'Ada', 'Grace');

  await katherine.composer().pressSequentially('Over');
  await ada.seesTyping('Katherine is typing …');
  await katherine.say('Over here');
  await ada.sees('Over here');
  await ada.say('And over there');
  for (const person of [ada, grace, katherine]) await person.sees('Over here', 'And over there');

  // A connection that is lost resumes, here on the other process.
  network.cut();
  await ada.page.getByText(/Connection lost/).waitFor();
  await katherine.seesPeople('Katherine you', 'Grace');
  await grace.say('from one');
  await katherine.sees('Over here', 'And over there', 'from one');
  await katherine.say('from the other');
  await ada.say('from the tunnel');
  network.lead(OTHER);
  network.restore();
  await ada.reconnects();
  const all = ['Over here', 'And over there', 'from one', 'from the other', 'from the tunnel'];
  for (const person of [ada, grace, katherine]) await person.sees(...all);
  await katherine.seesPeople('Katherine you', 'Ada', 'Grace');

  // Moves back, and then that process is gone without a word.
  network.cut();
  await ada.page.getByText(/Connection lost/).waitFor();
  network.lead(ONE);
  network.restore();
  await ada.reconnects();
  await ada.say('before');
  await katherine.sees(...all, 'before');
  process.kill(PID_OF_ONE, 'SIGKILL');
  await ada.page.getByText(/Connection lost/).waitFor();
  await katherine.say('meanwhile');
  network.lead(OTHER);
  await ada.say('behind');
  await ada.sees(...all, 'before', 'meanwhile', 'behind');
  await katherine.sees(...all, 'before', 'meanwhile', 'behind');
  // Nobody has said that Grace is gone: her process is silent for too long.
  await katherine.seesPeople('Katherine you', 'Ada');
  await eventually(async () => assert.equal(await ada.page.locator('.pending').count(), 0));
  network.close();
  for (const person of [ada, grace, katherine]) await person.leave();
});
