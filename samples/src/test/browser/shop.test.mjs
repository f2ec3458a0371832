// The legacy shop and its page of live orders in a browser; run by ShopBrowserTest of samples/legacy. With SHOP_SCREENSHOTS, a folder, it also leaves
// pictures.

import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { eventually, launch, NARROW, WIDE } from './support.mjs';

const URL = process.env.SHOP_URL;
const PICTURES = process.env.SHOP_SCREENSHOTS;
const STAFF = { email: process.env.SHOP_STAFF, password: process.env.SHOP_STAFF_PASSWORD };
const PASSWORD = 'correct horse battery';
const LIMIT = 60_000;
const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** One pixel, transparent. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==', 'base64');

describe('The legacy shop', { concurrency: false }, () => {
  let browser;
  const problems = [];

  before(async () => (browser = await launch()));
  after(async () => {
    await browser.close();
    assert.deepEqual(problems, [], 'what the browser complained about');
  });

  async function visit(options = {}) {
    const context = await browser.newContext({ viewport: WIDE, locale: 'en-GB', ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT);
    page.on('pageerror', (error) => problems.push(String(error.stack)));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
    return page;
  }

  async function register(page, name, email) {
    await page.goto(`${URL}/shop/register`);
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Email').fill(email);
    await page.getByLabel(/^Password/).fill(PASSWORD);
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByText('You can log in now').waitFor();
    await logIn(page, { email, password: PASSWORD });
  }

  async function logIn(page, { email, password }) {
    await page.getByLabel('Email').fill(email);
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: 'Log out' }).waitFor();
  }

  async function order(page, product) {
    await page.goto(`${URL}/`);
    await page.getByRole('link', { name: product, exact: true }).click();
    await page.getByLabel('Quantity').fill('2');
    await page.getByRole('button', { name: 'Add to cart' }).click();
    await page.getByRole('heading', { name: 'Cart' }).waitFor();
  }

  it('sells, and shows it live beside', async () => {
    const watcher = await visit();
    await watcher.goto(`${URL}/live`);
    await watcher.getByText('Live', { exact: true }).waitFor();
    const page = await visit();
    await register(page, '<b>Ada</b>', 'ada@browser.example');
    await order(page, 'Cup');
    await page.getByRole('button', { name: 'Place order' }).click();
    await page.getByText('Your order was placed').waitFor();
    await page.getByText('<b>Ada</b>').waitFor(); // as a text
    await watcher.getByText('2 × Cup').waitFor();
    const download = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Receipt' }).click();
    assert.match((await download).suggestedFilename(), /^order-\d+\.txt$/);
    await page.getByRole('link', { name: 'Live orders' }).click();
    await page.getByText('2 × Cup').waitFor(); // of those before
    assert.equal(await page.evaluate(() => location.pathname), '/live/');
  });

  it('takes a picture from the staff', async () => {
    const page = await visit();
    await page.goto(`${URL}/shop/staff`);
    await logIn(page, STAFF); // and goes on to where it was asked for
    await page.getByRole('heading', { name: 'Staff' }).waitFor();
    await page.getByLabel('Name').fill('Oolong');
    await page.getByLabel('Description').fill('Half fermented.');
    await page.getByLabel(/^Price/).fill('14.50');
    await page.getByLabel('In stock').fill('9');
    await page.getByLabel(/^Picture/).setInputFiles({ name: 'oolong.png', mimeType: 'image/png', buffer: PNG });
    await page.getByRole('button', { name: 'Add' }).click();
    await page.getByRole('heading', { name: 'Oolong' }).waitFor();
    await eventually(async () => assert.equal(await page.locator('main img').evaluate(({ naturalWidth }) => naturalWidth), 1));
  });

  for (const [size, options] of Object.entries({ wide: { viewport: WIDE }, narrow: { viewport: NARROW, isMobile: true } })) {
    for (const colorScheme of ['light', 'dark']) {
      it(`is accessible, ${size} and ${colorScheme}`, async () => {
        // Scripts of a test are not those of the page.
        const page = await visit({ ...options, colorScheme, bypassCSP: true, reducedMotion: 'reduce' });
        const check = async (name) => {
          if (PICTURES) await page.screenshot({ path: `${PICTURES}/${name}-${size}-${colorScheme}.png` });
          const { scrollWidth, clientWidth } = await page.evaluate(() => ({ scrollWidth: document.documentElement.scrollWidth, clientWidth: document.documentElement.clientWidth }));
          assert.ok(!(scrollWidth > clientWidth), `${name} is wider than the window`);
          await page.evaluate(AXE);
          const { violations } = await page.evaluate(() => globalThis.axe.run());
          assert.deepEqual(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ html }) => html).join('\n')}`), []);
        };
        await page.goto(`${URL}/shop/register`);
        await check('register');
        await register(page, 'Grace', `grace-${size}-${colorScheme}@browser.example`);
        await check('catalog');
        await order(page, 'Teapot');
        await check('cart');
        await page.getByRole('button', { name: 'Place order' }).click();
        await page.getByRole('heading', { name: /^Order/ }).waitFor();
        await check('order');
        await page.goto(`${URL}/shop/orders`);
        await check('orders');
        await page.goto(`${URL}/shop/products/1`);
        await check('product');
        await page.getByRole('button', { name: 'Log out' }).click();
        await page.goto(`${URL}/shop/login?error`);
        await check('login');
        await page.goto(`${URL}/live/`);
        await page.getByText('2 × Teapot').first().waitFor();
        await check('live');
      });
    }
  }
});
