// A browser, people in it, and a network that can fail. Nothing here sleeps: what is waited for is looked for until it is there.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import { chromium } from 'playwright-core';

const LIMIT = Number(process.env.CHAT_PATIENCE ?? 60_000);
/** What the browser itself logs of a connection that a test has cut. */
const NETWORK = /WebSocket connection to .* failed|ERR_CONNECTION_|ERR_INTERNET_DISCONNECTED|ERR_EMPTY_RESPONSE/;

export const WIDE = { width: 1280, height: 800 };
export const NARROW = { width: 390, height: 844 };

export const launch = (...args) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', ...(args.length ? args : ['--disable-quic'])],
});

/** Ends everything, so that the process of the tests ends too. */
export async function end(browser) {
  Network.closeAll();
  await browser?.close();
}

/** Looks until the check does not fail, and fails with its last failure. */
export async function eventually(check) {
  const end = Date.now() + LIMIT;
  for (;;) {
    try {
      return await check();
    } catch (failure) {
      if (Date.now() > end) throw failure;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

/** Somebody with a browser of their own, in the chat. */
export class Person {
  #problems = [];

  static async join(...who) {
    const person = await Person.arrive(...who);
    await person.isHere();
    return person;
  }

  /** Joins, and does not wait until the room is there. */
  static async arrive(browser, url, name, { room = 'lobby', ...options } = {}) {
    const person = new Person();
    person.name = name;
    person.context = await browser.newContext({ viewport: WIDE, locale: 'en-GB', ...options });
    person.#watch(await person.context.newPage());
    await person.page.goto(`${url}/#${room}`);
    await person.#enter(name);
    return person;
  }

  #watch(page) {
    this.page = page;
    page.setDefaultTimeout(LIMIT);
    page.on('pageerror', (error) => this.#problems.push(String(error.stack)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !NETWORK.test(message.text())) this.#problems.push(message.text());
    });
  }

  /** Another tab of the same browser; it goes when this person leaves. */
  async opensTab(url) {
    const page = await this.context.newPage();
    const other = this.#inTab(page);
    await page.goto(url);
    return other;
  }

  /** A tab that begins with what this one has in its session storage, as "Duplicate" in the menu of a tab makes it. */
  async copiesTab() {
    const [page] = await Promise.all([
      this.context.waitForEvent('page'),
      this.page.evaluate(() => void open(location.href)),
    ]);
    return this.#inTab(page);
  }

  #inTab(page) {
    const other = new Person();
    other.name = this.name;
    other.context = this.context;
    // What goes wrong there is told when this person leaves.
    other.#problems = this.#problems;
    other.#watch(page);
    return other;
  }

  async signIn(name) {
    await this.#enter(name);
    await this.isHere();
  }

  async #enter(name) {
    await this.page.getByRole('textbox', { name: 'Your name' }).fill(name);
    await this.page.getByRole('button', { name: 'Join' }).click();
  }

  /** The room is joined and its history shown. */
  async isHere() {
    // An empty one takes no space, so that it does not count as visible.
    await this.log().and(this.page.locator('[aria-live=polite]')).waitFor({ state: 'attached' });
  }

  /** The messages of the room that is shown. */
  log() {
    return this.page.getByRole('log');
  }

  composer() {
    return this.page.getByRole('textbox', { name: /^Message in / });
  }

  async say(text) {
    await this.composer().fill(text);
    await this.composer().press('Enter');
  }

  /** Says all of it at once, faster than anybody types. */
  sayAll(texts) {
    return this.composer().evaluate((box, all) => {
      for (const text of all) {
        box.value = text;
        box.dispatchEvent(new InputEvent('input'));
        box.form.requestSubmit();
      }
    }, texts);
  }

  /** Does not wait for the next try of the page, which may come first all the same. */
  async reconnects() {
    await this.page.locator('#banner-now').evaluate((button) => button.click());
    await this.page.getByText(/Connection lost/).waitFor({ state: 'hidden' });
  }

  /** The texts in the log, oldest first. */
  texts() {
    return this.log().locator('.text').allInnerTexts();
  }

  /** Names of who is here, as the list shows them. */
  people() {
    return this.page.locator('#people-list .who').allInnerTexts();
  }

  /** Waits until the log holds these texts and no others, in this order. */
  sees(...texts) {
    return eventually(async () => assert.deepEqual(await this.texts(), texts));
  }

  seesPeople(...names) {
    return eventually(async () => assert.deepEqual(await this.people(), names));
  }

  seesTyping(text) {
    return eventually(async () => assert.equal(await this.page.locator('#typing').innerText(), text));
  }

  async opens(room) {
    await this.page.getByRole('link', { name: new RegExp(`^${room}`) }).click();
    await this.page.getByRole('heading', { name: room, exact: true }).waitFor();
    await this.isHere();
  }

  unread(room) {
    return this.page.getByRole('link', { name: new RegExp(`^${room}`) }).locator('.badge');
  }

  /** Leaves, and fails if the page had an error of its own or broke its content security policy. */
  async leave() {
    await this.context.close();
    assert.deepEqual(this.#problems, []);
  }
}

/** A network between browser and server: a port of its own whose connections can be cut, refused and swallowed. */
export class Network {
  static #all = new Set();

  #sockets = new Set();
  #isUp = true;
  #target;
  #swallows = { up: false, down: false };

  static async to(url) {
    const network = new Network();
    Network.#all.add(network);
    network.lead(url);
    network.server = net.createServer((socket) => network.#connect(socket));
    network.server.listen(0, '127.0.0.1');
    await once(network.server, 'listening');
    network.url = `http://127.0.0.1:${network.server.address().port}`;
    return network;
  }

  /** New connections lead to this server from now on, as behind a load balancer. */
  lead(url) {
    this.#target = new URL(url);
  }

  #connect(socket) {
    if (!this.#isUp) {
      socket.destroy();
      return;
    }
    const peer = net.connect(Number(this.#target.port), this.#target.hostname);
    this.#forward(socket, peer, 'up');
    this.#forward(peer, socket, 'down');
  }

  #forward(from, to, direction) {
    this.#sockets.add(from);
    from.on('data', (data) => this.#swallows[direction] || to.destroyed || to.write(data));
    from.on('error', () => {});
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }

  /** Resets every connection, and refuses new ones. */
  cut() {
    this.#isUp = false;
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#swallows = { up: false, down: false };
  }

  restore() {
    this.#isUp = true;
  }

  /** From now on nothing arrives in this direction, "up" to the server or "down" from it, and nobody is told. */
  swallow(direction) {
    this.#swallows[direction] = true;
  }

  close() {
    this.cut();
    this.server.close();
    Network.#all.delete(this);
  }

  /** Closes what a test has left open because it failed. */
  static closeAll() {
    for (const network of Network.#all) network.close();
  }
}
