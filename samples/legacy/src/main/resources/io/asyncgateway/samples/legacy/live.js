// Shows orders as they come. A connection that is lost is made again, later each time; the server tells the last orders first.

const SHOWN = 20;
const MAX_PAUSE = 30_000;

const list = document.getElementById('orders');
const none = document.getElementById('none');
const state = document.getElementById('state');
const seen = new Set();
let pause = 500;

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text; // never as HTML: staff choose the names of products
  return made;
}

function show({ id, at, items, total }) {
  if (seen.has(id)) return;
  seen.add(id);
  none.hidden = true;
  const time = element('time', '', new Date(at).toLocaleTimeString());
  time.dateTime = at;
  const row = element('li', 'fresh', '');
  row.append(time, element('span', 'items', items.map(({ product, quantity }) => `${quantity} × ${product}`).join(', ')),
    element('span', 'total', `${total} €`));
  list.prepend(row);
  while (list.children.length > SHOWN) list.lastElementChild.remove();
}

function say(text, live) {
  state.textContent = text;
  state.classList.toggle('live', live);
}

function connect() {
  const url = new URL('ws', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  socket.addEventListener('open', () => {
    pause = 500;
    say('Live', true);
  });
  socket.addEventListener('message', ({ data }) => show(JSON.parse(data)));
  socket.addEventListener('close', () => {
    say('Connection lost, trying again …', false);
    setTimeout(connect, pause * (0.5 + Math.random() / 2));
    pause = Math.min(MAX_PAUSE, pause * 2);
  });
}

connect();
