// What axe finds wrong (WCAG 2.2 A and AA, best practices): nothing, wide and narrow, light and dark. Nor does anything stand out at a side. With
// CHAT_SCREENSHOTS, a folder, it also leaves pictures.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { end, launch, NARROW, Network, Person, WIDE } from './support.mjs';

const URL = process.env.CHAT_URL;
const PICTURES = process.env.CHAT_SCREENSHOTS;
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const SIZES = { wide: { viewport: WIDE }, narrow: { viewport: NARROW, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } };

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
