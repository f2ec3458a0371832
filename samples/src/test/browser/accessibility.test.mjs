// What axe finds wrong (WCAG 2.2 A and AA, best practices): nothing, wide and narrow, light and dark. Nor does anything stand out at a side. With
// CHAT_SCREENSHOTS, a folder, it also leaves pictures.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { end, eventually, launch, NARROW, Network, Person, WIDE } from './support.mjs';

const URL = process.env.CHAT_URL;
const PICTURES = process.env.CHAT_SCREENSHOTS;
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const SIZES = { wide: { viewport: WIDE }, narrow: { viewport: NARROW, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } };

/** Relative luminances (WCAG 2.2) of a text and of what is behind it, 0 is black and 1 white. */
const colours = (place) => place.evaluate((element) => {
  const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
  const luminance = (colour) => {
    const [red, green, blue] = parts(colour).map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  let painted = element;
  // See-through; the fourth part is the opacity, and 1 where there is none.
  while (painted.parentElement && parts(getComputedStyle(painted).backgroundColor)[3] === 0) painted = painted.parentElement;
  return { back: luminance(getComputedStyle(painted).backgroundColor), text: luminance(getComputedStyle(element).color) };
});

describe('The page is accessible', { concurrency: false }, () => {
  let browser;

  before(async () => (browser = await launch()));
  after(() => end(browser));

  async function check(page, name) {
    if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}.png` });
    const wide = await page.evaluate(() => [...document.querySelectorAll('body, aside, nav, main, .scroller, ul')]
      .filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)
      .map(({ tagName, id, className }) => `${tagName} ${id} ${className}`));
    assert.deepEqual(wide, [], 'what is wider than its place');
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`), []);
  }

  it('is light or dark as the reader likes, also while it is open, and can be read in both', async () => {
    const room = `colours-${Date.now().toString(36)}`;
    const ada = await Person.join(browser, URL, 'Ada', { room, colorScheme: 'light' });
    const grace = await Person.join(browser, URL, 'Grace', { room });
    await grace.say('Hello!');
    await ada.sees('Hello!');
    const { page } = ada;
    const places = {
      text: ada.log().locator('.text'),
      name: ada.log().locator('.name'),
      time: ada.log().locator('time'),
      composer: ada.composer(),
      room: page.getByRole('link', { name: new RegExp(`^${room}`) }),
      person: page.locator('#people-list .who').first(),
    };
    const body = page.locator('body');
    for (const colorScheme of ['light', 'dark', 'light']) {
      await page.emulateMedia({ colorScheme });
      await eventually(async () => {
        const { back } = await colours(body);
        assert.ok(colorScheme === 'light' ? back > 0.8 : back < 0.02, `the page's luminance in ${colorScheme}: ${back}`);
      });
      for (const [name, place] of Object.entries(places)) {
        const { back, text } = await colours(place);
        assert.ok(colorScheme === 'light' ? back > 0.6 : back < 0.05, `the luminance behind ${name} in ${colorScheme}: ${back}`);
        assert.equal(text < back, colorScheme === 'light', `dark on light, or light on dark: ${name} in ${colorScheme}`);
        const contrast = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
        assert.ok(contrast >= 4.5, `the contrast of ${name} in ${colorScheme}: ${contrast}`);
      }
    }
    for (const person of [ada, grace]) await person.leave();
  });

  for (const [size, options] of Object.entries(SIZES)) {
    for (const colorScheme of ['light', 'dark']) {
      it(`${size} and ${colorScheme}`, async () => {
        const room = `look-${size}-${colorScheme}-${Date.now().toString(36)}`;
        const network = await Network.to(URL);
        // Animations would be caught half way; scripts of a test are not those of the page.
        const look = { ...options, colorScheme, room, url: network.url, bypassCSP: true, reducedMotion: 'reduce' };
        const ada = await Person.join(browser, network.url, 'Ada Lovelace', look);
        const { page } = ada;
        await check(page, `${room}-empty`);
        const grace = await Person.join(browser, URL, 'Grace Hopper', { room });
        const texts = ['Hello!', 'Have you read https://www.rfc-editor.org/rfc/rfc6455 ?', `word${' word'.repeat(80)}`];
        for (const text of texts) await grace.say(text);
        await ada.sees(...texts);
        await ada.say('I have.');
        await grace.composer().pressSequentially('Very');
        await ada.seesTyping('Grace Hopper is typing …');
        await check(page, `${room}-talk`);
        if (size === 'narrow') {
          await page.getByRole('button', { name: 'Rooms' }).click();
          await check(page, `${room}-rooms`);
          await page.keyboard.press('Escape');
          await page.getByRole('button', { name: /people here/ }).click();
          await check(page, `${room}-people`);
          await page.keyboard.press('Escape');
        }
        network.cut();
        await ada.say('Is anybody there?');
        await page.getByText(/Connection lost/).waitFor();
        await check(page, `${room}-lost`);
        network.restore();
        await ada.reconnects();
        if (size === 'narrow') await page.getByRole('button', { name: 'Rooms' }).click();
        await page.getByRole('button', { name: 'Change your name' }).click();
        await check(page, `${room}-sign-in`);
        network.close();
        await grace.leave();
        await ada.leave();
      });
    }
  }
});
