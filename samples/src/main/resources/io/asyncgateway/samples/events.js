'use strict';

// EventSource reconnects by itself after a lost connection, but gives up after an answer other than 200, which is what a
// server that restarts may send. Then the page tries again, less and less often.
const SHOWN = 10;
const FIRST_DELAY = 1000;
const LONGEST_DELAY = 30000;

const state = document.getElementById('state');
const stateText = document.getElementById('state-text');
const time = document.getElementById('time');
const listeners = document.getElementById('listeners');
const log = document.getElementById('log');
const pause = document.getElementById('pause');

let source = null;
let timer = null;
let delay = FIRST_DELAY;
let received = 0;

function show(name, text) {
  state.dataset.state = name;
  // The text is announced by screen readers, so it changes only when there is news.
  if (stateText.textContent !== text) {
    stateText.textContent = text;
  }
}

function connect() {
  timer = null;
  source = new EventSource('events');
  source.addEventListener('open', () => {
    delay = FIRST_DELAY;
    show('open', 'Connected');
  });
  source.addEventListener('tick', (event) => tick(JSON.parse(event.data)));
  source.addEventListener('error', lost);
}

function lost() {
  show('connecting', 'Connection lost, connecting again');
  if (source.readyState === EventSource.CLOSED) {
    timer = setTimeout(connect, delay);
    delay = Math.min(delay * 2, LONGEST_DELAY);
  }
}

function disconnect() {
  clearTimeout(timer);
  timer = null;
  source.close();
}

function tick(data) {
  const at = new Date(data.time);
  time.dateTime = data.time;
  time.textContent = at.toLocaleTimeString();
  listeners.textContent = data.listeners;

  received += 1;
  const item = document.createElement('li');
  item.value = received;
  item.textContent = `${at.toLocaleTimeString()}, ${data.listeners} listening`;
  log.prepend(item);
  while (log.children.length > SHOWN) {
    log.lastElementChild.remove();
  }
}

pause.addEventListener('click', () => {
  const paused = state.dataset.state !== 'paused';
  if (paused) {
    disconnect();
    show('paused', 'Paused');
  } else {
    show('connecting', 'Connecting');
    connect();
  }
  pause.textContent = paused ? 'Resume' : 'Pause';
});

connect();
