// Says how the connection is, where there is something to say.

import { $, setText } from './dom.js';

/** A connection that is back sooner is not worth a word. */
const PATIENCE = 600;

export function banner(chat) {
  let shown;
  let ticking;

  function update() {
    const { state, retryAt } = chat.connection;
    const offline = !navigator.onLine && state !== 'open';
    if (offline) {
      setText($('banner-text'), 'You are offline. What you write waits here and goes out when you are back.');
    } else {
      setText($('banner-text'), chat.me ? 'Connection lost. Reconnecting' : 'Connecting');
    }
    const seconds = Math.ceil((retryAt - Date.now()) / 1000);
    setText($('banner-seconds'), offline ? '' : state === 'waiting' && seconds > 0 ? `in ${seconds} s` : '…');
    $('banner-now').hidden = state !== 'waiting' || offline;
  }

  chat.on('connection', ({ state }) => {
    clearTimeout(shown);
    clearInterval(ticking);
    if (state === 'open' || state === 'stopped') {
      $('banner').hidden = true;
      return;
    }
    update();
    shown = setTimeout(() => ($('banner').hidden = false), $('banner').hidden ? PATIENCE : 0);
    ticking = setInterval(update, 250);
  });
  $('banner-now').addEventListener('click', () => chat.retryNow());
}
