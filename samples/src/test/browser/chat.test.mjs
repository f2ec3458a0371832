// The chat in a real browser. ChatBrowserTest starts the services and runs this with their addresses in the environment.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { end, eventually, launch, NARROW, Network, Person } from './support.mjs';

const URL = process.env.CHAT_URL;

describe('The chat', { concurrency: false }, () => {
  let browser;
  let people = [];
  let room = 0;

  before(async () => (browser = await launch()));
  after(() => end(browser));

  async function scene(act) {
    people = [];
    try {
      // Each scene has a room for itself.
      await act(`scene-${(room += 1)}-${Date.now().toString(36)}`);
    } finally {
      const leaving = people;
      people = [];
      for (const person of leaving) await person.leave();
    }
  }

  async function join(name, options) {
    const person = await Person.join(browser, options.url ?? URL, name, options);
    people.push(person);
    return person;
  }

  it('lets two people see each other, talk, and type', () => scene(async (room) => {
    const ada = await join('Ada', { room });
    const grace = await join('Grace', { room });
    await ada.seesPeople('Ada you', 'Grace');
    await grace.seesPeople('Grace you', 'Ada');

    await ada.composer().pressSequentially('Hello');
    await grace.seesTyping('Ada is typing …');
    await ada.composer().press('Enter');
    await grace.sees('Hello');
    await grace.seesTyping('');
    await grace.say('Hello, Ada');
    await ada.sees('Hello', 'Hello, Ada');
    const times = await ada.log().locator('time').evaluateAll((all) => all.map((time) => Date.parse(time.dateTime)));
    assert.equal(times.length, 2);
    for (const time of times) assert.ok(Math.abs(Date.now() - time) < 60_000, new Date(time).toISOString());

    await grace.page.close();
    await ada.seesPeople('Ada you');
  }));

  it('shows the history to who comes later, and nothing of it as unread', () => scene(async (room) => {
    const ada = await join('Ada', { room });
    for (const text of ['one', 'two', 'three']) await ada.say(text);
    await ada.sees('one', 'two', 'three');
    const grace = await join('Grace', { room });
    await grace.sees('one', 'two', 'three');
    assert.equal(await grace.unread(room).count(), 0);
  }));

  it('counts what was not read, in the list of rooms and in the title', () => scene(async (room) => {
    const ada = await join('Ada', { room });
    const grace = await join('Grace', { room });
    await grace.opens('help');
    await ada.say('one');
    await ada.say('two');
    await grace.unread(room).getByText('2').waitFor();
    await eventually(async () => assert.equal(await grace.page.title(), '(2) help · Async Gateway'));
    await grace.opens(room);
    await grace.sees('one', 'two');
    await grace.page.getByRole('separator', { name: 'New' }).waitFor();
    assert.equal(await grace.unread(room).count(), 0);
    assert.equal(await grace.page.title(), `${room} · Async Gateway`);
  }));

  it('shows text as text, and makes links of web addresses alone', () => scene(async (room) => {
    const ada = await join('Ada', { room });
    const grace = await join('Grace <b>Hopper</b>', { room });
    const texts = [
      '<img src=x onerror="document.title=1"><script>document.title=2</script>',
      'see https://example.org/a_(b)?c=<d>, and (http://example.net).',
      'javascript:alert(1) data:text/html,x https://bank.example@evil.example/ ftp://example.org',
    ];
    for (const text of texts) await grace.say(text);
    await ada.sees(...texts);
    await ada.seesPeople('Ada you', 'Grace <b>Hopper</b>');
    const links = await ada.log().getByRole('link').evaluateAll((all) =>
      all.map(({ href, target, rel, textContent }) => ({ href, target, rel, textContent })));
    const safe = { target: '_blank', rel: 'noopener noreferrer nofollow' };
    assert.deepEqual(links, [
      { href: 'https://example.org/a_(b)?c=', textContent: 'https://example.org/a_(b)?c=', ...safe },
      { href: 'http://example.net/', textContent: 'http://example.net', ...safe },
    ]);
    assert.equal(await ada.log().locator('img, script, b').count(), 0);
  }));

  it('tells people with the same name apart', () => scene(async (room) => {
    const ada = await join('Ada', { room });
    const other = await join('ADA', { room });
    await other.say('I am Ada');
    await ada.sees('I am Ada');
    await eventually(async () => {
      const names = await ada.people();
      assert.match(names[0], /^Ada #[0-9a-f]{4,} you$/);
      assert.match(names[1], /^ADA #[0-9a-f]{4,}$/);
    });
    assert.match(await ada.log().locator('.name').innerText(), /^ADA #[0-9a-f]{4,}$/);
  }));

  it('takes a new tab for another person, and fills in the name', () => scene(async (room) => {
    const ada = await join('Ada', { room });
    const other = await ada.opensTab(`${URL}/#${room}`);
    assert.equal(await other.page.getByRole('textbox', { name: 'Your name' }).inputValue(), 'Ada');
    await other.signIn('Ada');
    await other.say('I am the other one');
    await ada.sees('I am the other one');
    for (const person of [ada, other]) {
      await eventually(async () => {
        const names = await person.people();
        assert.equal(names.length, 2);
        assert.match(names[0], /^Ada #[0-9a-f]{4,} you$/);
        assert.match(names[1], /^Ada #[0-9a-f]{4,}$/);
        assert.notEqual(names[0], `${names[1]} you`);
      });
    }
    await other.page.close();
    await eventually(async () => assert.equal((await ada.people()).length, 1));
  }));

  it('takes a copy of a tab for the same person, who is here until both are closed', () => scene(async (room) => {
    const ada = await join('Ada', { room });
    const grace = await join('Grace', { room });
    await ada.say('from one');
    await ada.sees('from one');
    const copy = await ada.copiesTab();
    await copy.isHere();
    await copy.sees('from one');
    await copy.say('from the other');
    for (const person of [ada, copy, grace]) await person.sees('from one', 'from the other');
    // Nobody sees two of her, she herself neither: what she says in one tab is no news in the other.
    for (const person of [ada, copy]) {
      await person.seesPeople('Ada you', 'Grace');
      assert.deepEqual(await person.log().locator('.by .tag').allInnerTexts(), ['you']);
      assert.equal(await person.unread(room).count(), 0);
    }
    await grace.seesPeople('Grace you', 'Ada');
    await ada.page.close();
    await copy.say('still here');
    await grace.sees('from one', 'from the other', 'still here');
    await grace.seesPeople('Grace you', 'Ada');
    await copy.page.close();
    await grace.seesPeople('Grace you');
  }));

  it('resumes after a lost connection: nothing is missing, nothing comes twice', () => scene(async (room) => {
    const network = await Network.to(URL);
    const ada = await join('Ada', { room, url: network.url });
    const grace = await join('Grace', { room });
    await grace.say('before');
    await ada.sees('before');
    network.cut();
    await ada.page.getByText(/Connection lost/).waitFor();
    await grace.seesPeople('Grace you');
    for (const text of ['while', 'you', 'were', 'away']) await grace.say(text);
    await ada.say('from the tunnel');
    await ada.say('and again');
    await ada.page.getByText('Will be sent once connected').first().waitFor();
    await ada.page.getByRole('button', { name: 'Try now' }).waitFor();
    network.restore();
    await ada.reconnects();
    const all = ['before', 'while', 'you', 'were', 'away', 'from the tunnel', 'and again'];
    await grace.sees(...all);
    await ada.sees(...all);
    await grace.seesPeople('Grace you', 'Ada');
    await ada.page.getByText(/Connection lost/).waitFor({ state: 'hidden' });
    await eventually(async () => assert.equal(await ada.page.locator('.pending').count(), 0));
    assert.equal(await ada.page.getByRole('separator', { name: /could not be recovered/ }).count(), 0);
    network.close();
  }));

  it('comes back with growing pauses, and with short ones again after a good connection', () => scene(async (room) => {
    const network = await Network.to(URL);
    const ada = await join('Ada', { room, url: network.url });
    const { page } = ada;
    const { clock } = page;
    await page.evaluate(() => {
      globalThis.tries = 0;
      globalThis.WebSocket = class extends WebSocket {
        constructor(...args) {
          super(...args);
          globalThis.tries += 1;
        }
      };
    });
    await clock.install();
    await clock.pauseAt(Date.now() + 60_000);
    const chance = (value) => page.evaluate((fixed) => (Math.random = () => fixed), value);
    const tries = () => page.evaluate(() => globalThis.tries);
    // "Try now" is there, if not to be seen at once, where a try is waited for and not under way.
    const waits = () => eventually(async () =>
      assert.equal(await page.locator('#banner-now').evaluate((button) => button.hidden), false));
    const comesBack = async () => {
      await ada.isHere();
      await eventually(async () => assert.equal(await page.locator('#banner').evaluate((banner) => banner.hidden), true));
    };
    const pausesFor = async (pause) => {
      await waits();
      const before = await tries();
      await clock.runFor(pause - 1);
      assert.equal(await tries(), before, `a try before ${pause} ms`);
      await clock.runFor(1);
      assert.equal(await tries(), before + 1, `no try after ${pause} ms`);
    };

    // Half of each pause is chance: the longest, and the shortest that may be.
    await chance(1);
    network.cut();
    for (const pause of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) await pausesFor(pause);
    await chance(0);
    await pausesFor(30_000); // which was drawn before
    await pausesFor(15_000);

    // A connection that does not hold is no good one.
    await chance(1);
    await waits();
    network.restore();
    await clock.runFor(15_000);
    await comesBack();
    await clock.runFor(4_999);
    network.cut();
    await pausesFor(30_000);
    await waits();
    network.restore();
    await clock.runFor(30_000);
    await comesBack();
    await clock.runFor(5_001);
    network.cut();
    await pausesFor(500);
    network.close();
  }));

  for (const [direction, what] of [['down', 'was taken but not acknowledged'], ['up', 'has not arrived']]) {
    it(`says a message once that ${what} when the connection broke`, () => scene(async (room) => {
      const network = await Network.to(URL);
      const ada = await join('Ada', { room, url: network.url });
      const grace = await join('Grace', { room });
      await ada.say('first');
      await grace.sees('first');
      await ada.sees('first');
      network.swallow(direction);
      await ada.say('in between');
      await ada.page.getByText('Sending …').waitFor();
      if (direction === 'down') await grace.sees('first', 'in between');
      network.cut();
      network.restore();
      await ada.sees('first', 'in between');
      await ada.say('last');
      await grace.sees('first', 'in between', 'last');
      await ada.sees('first', 'in between', 'last');
      network.close();
    }));
  }

  it('sends what is said too fast a little later, in order', () => scene(async (room) => {
    const ada = await join('Ada', { room });
    const grace = await join('Grace', { room });
    const texts = Array.from({ length: 14 }, (_, i) => `message ${i}`);
    await ada.sayAll(texts);
    await ada.page.getByText(/You are fast/).waitFor();
    await grace.sees(...texts);
    await ada.sees(...texts);
  }));

  it('does not take a message that is too long, and says kindly why', () => scene(async (room) => {
    const ada = await join('Ada', { room });
    await ada.composer().fill('x'.repeat(2003));
    await ada.page.getByText('3 too many: a message has at most 2,000 characters.').waitFor();
    await ada.composer().press('Enter');
    assert.equal(await ada.page.getByRole('button', { name: 'Send' }).isDisabled(), true);
    await ada.composer().fill('x'.repeat(2000));
    await ada.composer().press('Enter');
    await ada.sees('x'.repeat(2000));
  }));

  it('asks again for a name that does not do', () => scene(async (room) => {
    const ada = await join('Ada', { room });
    await ada.page.getByRole('button', { name: 'Change your name' }).click();
    await ada.page.getByRole('textbox', { name: 'Your name' }).fill('?!');
    await ada.page.getByRole('button', { name: 'Join' }).click();
    await ada.page.getByRole('alert').getByText('A name needs at least one letter or digit.').waitFor();
    await ada.signIn('Ada L.');
    await ada.seesPeople('Ada L. you');
  }));

  it('lets one keep the name after all', () => scene(async (room) => {
    const ada = await join('Ada', { room });
    for (const leave of [
      () => ada.page.getByRole('button', { name: 'Keep the name' }).click(),
      () => ada.page.keyboard.press('Escape'),
    ]) {
      await ada.page.getByRole('button', { name: 'Change your name' }).click();
      await ada.page.getByRole('textbox', { name: 'Your name' }).fill('Somebody');
      await leave();
      await ada.page.getByRole('button', { name: 'Change your name' }).waitFor();
    }
    await ada.say('Still me');
    await ada.sees('Still me');
    await ada.seesPeople('Ada you');
  }));

  it('remembers name, room and draft over a reload', () => scene(async (room) => {
    const ada = await join('Ada', { room });
    await ada.say('one');
    await ada.sees('one');
    await ada.composer().fill('not finished');
    await ada.page.reload();
    await ada.isHere();
    await ada.sees('one');
    assert.equal(await ada.composer().inputValue(), 'not finished');
    await ada.page.getByRole('heading', { name: room, exact: true }).waitFor();
    await ada.seesPeople('Ada you');
  }));

  it('can be used by keyboard alone', () => scene(async (room) => {
    const ada = await join('Ada', { room });
    const { keyboard } = ada.page;
    const focus = () => ada.page.evaluate(() => document.activeElement.getAttribute('aria-label')
      ?? document.activeElement.textContent.trim() ?? document.activeElement.id);
    await eventually(async () => assert.equal(await ada.composer().evaluate((box) => box === document.activeElement), true));
    await keyboard.type('line one');
    await keyboard.press('Shift+Enter');
    await keyboard.type('line two');
    await keyboard.press('Enter');
    await ada.sees('line one\nline two');

    const heading = () => ada.page.getByRole('heading', { level: 2 }).first().innerText();
    const rooms = await ada.page.locator('#room-list .label').allInnerTexts();
    const index = rooms.indexOf(room);
    await keyboard.press('Alt+ArrowUp');
    await eventually(async () => assert.equal(await heading(), rooms.at(index - 1)));
    await keyboard.press('Alt+ArrowDown');
    await eventually(async () => assert.equal(await heading(), room));
    await eventually(async () => assert.equal(await ada.composer().evaluate((box) => box === document.activeElement), true));

    const passed = [];
    while (passed.at(-1) !== 'Skip to the message box' && passed.length < 40) {
      await keyboard.press('Shift+Tab');
      passed.push(await focus());
    }
    assert.equal(passed.at(-1), 'Skip to the message box', passed.join(', '));
    for (const stop of ['Change your name', 'Open the room', 'help', 'lobby']) assert.ok(passed.includes(stop), passed.join(', '));
    await keyboard.press('Enter');
    assert.equal(await ada.composer().evaluate((box) => box === document.activeElement), true);
  }));

  it('keeps its lists in drawers on a phone', () => scene(async (room) => {
    const ada = await join('Ada', { room, viewport: NARROW, hasTouch: true, isMobile: true });
    const { page } = ada;
    const rooms = page.getByRole('navigation', { name: 'Rooms' });
    assert.equal(await rooms.isVisible(), false);
    await page.getByRole('button', { name: 'Rooms' }).click();
    await rooms.waitFor();
    await page.keyboard.press('Escape');
    await rooms.waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.activeElement.id), 'rooms-open');
    await page.getByRole('button', { name: /people here/ }).click();
    await ada.seesPeople('Ada you');
    await page.getByRole('button', { name: 'Close the list of people' }).click();
    await page.getByRole('button', { name: 'Rooms' }).click();
    await page.getByRole('link', { name: 'help' }).click();
    await page.getByRole('heading', { name: 'help', exact: true }).waitFor();
    await rooms.waitFor({ state: 'hidden' });
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);
  }));

  it('says that the browser is offline', () => scene(async (room) => {
    const network = await Network.to(URL);
    const ada = await join('Ada', { room, url: network.url });
    await ada.context.setOffline(true);
    network.cut();
    await ada.page.getByText(/You are offline/).waitFor();
    await ada.say('later');
    network.restore();
    await ada.context.setOffline(false);
    await ada.sees('later');
    network.close();
  }));
});
