// A chat whose Redis goes and comes back, with all that it had kept. The people stay connected: their process is still there.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, it } from 'node:test';
import { end, eventually, launch, Person } from './support.mjs';

const URL = process.env.CHAT_URL;
const REDIS = { pid: Number(process.env.REDIS_PID), port: process.env.REDIS_PORT, folder: process.env.REDIS_FOLDER };

let browser;
let redis;

before(async () => (browser = await launch()));
after(async () => {
  redis?.kill('SIGKILL');
  await end(browser);
});

const kill = () => process.kill(REDIS.pid, 'SIGKILL');

const restart = () => (redis = spawn('redis-server', ['--bind', '127.0.0.1', '--port', REDIS.port, '--dir', REDIS.folder,
  '--save', '', '--appendonly', 'yes', '--appendfsync', 'always'], { stdio: 'ignore' }));

const ready = (status) => eventually(async () => assert.equal((await fetch(`${URL}/ready`)).status, status));

it('says that the chat is out of order while Redis is away, and loses nothing', async () => {
  const room = 'outage';
  const ada = await Person.join(browser, URL, 'Ada', { room });
  const grace = await Person.join(browser, URL, 'Grace', { room });
  await ada.say('before');
  await grace.sees('before');

  kill();
  await ready(503);
  await ada.say('meanwhile');
  // Somebody who comes now waits, and is told so.
  const late = await Person.arrive(browser, URL, 'Katherine', { room });
  await late.page.getByRole('region', { name: `Messages in ${room}` }).getByText('Fetching the messages …').waitFor();
  // What was tried some times is left to its writer.
  await ada.page.getByText('Not sent. The chat is out of order for a moment.').waitFor();
  assert.equal(await ada.page.getByText(/Connection lost/).isVisible(), false);
  assert.deepEqual(await ada.texts(), ['before']);
  await ada.seesPeople('Ada you', 'Grace');

  restart();
  await ready(200);
  await late.isHere();
  await ada.say('and then');
  await grace.sees('before', 'and then');
  await ada.page.getByRole('button', { name: 'Try again' }).click();
  for (const person of [ada, grace, late]) await person.sees('before', 'and then', 'meanwhile');
  await eventually(async () => assert.equal(await ada.page.locator('.pending').count(), 0));
  await grace.seesPeople('Grace you', 'Ada', 'Katherine');
  await grace.say('behind');
  await ada.sees('before', 'and then', 'meanwhile', 'behind');
  for (const person of [ada, grace, late]) await person.leave();
});
