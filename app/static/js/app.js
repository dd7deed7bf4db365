// What every page gains with script. Each page works without it. One file: each more is a request.
const root = document.documentElement;
const $ = (selector, from = document) => from.querySelector(selector);

// Leaving at once, by the button, by Shift three times, or because nobody is there any more; and what becomes of a page
// whose session has ended elsewhere: nothing of it may stay to be read.
const link = document.querySelector('[data-leave]');
const { session, kiosk, still } = document.body.dataset, MINUTE = 60_000, SIGN = 100_000;
const onKiosk = kiosk !== undefined;

let ended = false;

// What waits for the network may be kept on a device that one called one's own (live/kept.js): by choice, for this session
// and not a moment longer.
const chosen = () => { try { return localStorage.outbox; } catch { return null; } };

/** Has who is signed in here chosen to keep what waits? */
export const keeps = () => Boolean(session) && chosen() === session;

const forget = () => {
  if (!chosen()) return;
  for (const name of ['outbox', 'outboxTurn']) localStorage.removeItem(name);
  indexedDB.deleteDatabase('outbox');
};
if (session && !keeps()) forget();

const keeping = row => {
  const tick = $('input', row);
  if (!window.crypto?.subtle || !window.indexedDB || chosen() === null) return row.remove();
  tick.checked = keeps();
  tick.addEventListener('change', () => {
    if (tick.checked) localStorage.outbox = session;
    else forget();
  });
  // Chosen, or taken back, in another tab.
  addEventListener('storage', () => { if (tick.checked !== keeps()) tick.click(); });
  if (row.dataset.keep !== 'waiting') row.hidden = false;
};

// What answers a form and is kept nowhere (a need) is left behind as the page it came from: going back to it asks nothing
// again, and shows no error of the browser.
if ($('[data-asked]')) history.replaceState(null, '', location.pathname);

const safe = location.protocol === 'https:' ? '; Secure' : '';

// The page is covered first: the network may be slow, the person behind the shoulder is not.
const flee = () => {
  ended = true;
  const veil = document.createElement('div');
  veil.className = 'veil';
  document.body.replaceChildren(veil);
  document.title = ' ';
  forget();
  if (onKiosk) rewind();
  else location.replace(link.dataset.exit || link.href);
};

// On a kiosk the way leads back to where the browser's own history of this tab begins, so that the next person finds
// none: trim() lets go of what came after.
const rewind = async () => {
  await fetch('/leave', { method: 'POST', keepalive: true }).catch(() => null);
  const again = () => location.replace(link.href), { navigation } = window;
  if (!navigation?.canGoBack) return again();
  navigation.traverseTo(navigation.entries()[0].key).committed.catch(again);
};

const trim = () => {
  const { navigation } = window;
  if (!onKiosk || session || !navigation?.canGoForward || navigation.canGoBack) return;
  const elsewhere = location.pathname !== '/kiosk';
  if (elsewhere) history.replaceState(null, '', '/kiosk');
  history.pushState(null, '', '/kiosk');
  if (elsewhere) location.reload();
};

const others = new BroadcastChannel('left');

const leave = event => {
  event?.preventDefault();
  // Without network the session could not end: what comes through next ends it. On a shared device no trace of it stays.
  const life = document.body.dataset.shared === undefined ? '; Max-Age=31536000' : '';
  document.cookie = `left=1; Path=/; SameSite=Lax${life}${safe}`;
  others.postMessage(null);
  if (onKiosk) return flee();
  const url = new URL(link.href);
  if (url.origin === location.origin) navigator.sendBeacon(url.pathname);
  flee();
};

/** Says which session the page was drawn for: on a device for several people the cookie may be another's by now. */
export const ownSession = session ? { 'X-Session': session } : {};

const atEnd = new Set();

/** Be told before the page is emptied. */
export const onSessionEnd = listener => atEnd.add(listener);

// What was typed and not sent is the person's own: it is kept to copy, as on the page that refuses a form.
const typed = main => Array.from(main.querySelectorAll('[name=title], [name=body], [name=sentence]'))
  .filter(field => field.value !== field.defaultValue).map(field => field.value).join('\n\n');

const empty = () => {
  const main = document.getElementById('main'), text = typed(main);
  const said = document.importNode(document.getElementById('ended').content, true);
  const kept = said.querySelector('.field');
  kept.hidden = !text;
  kept.querySelector('textarea').value = text;
  document.title = said.querySelector('h1').textContent;
  for (const each of document.querySelectorAll('.nav .count, dialog')) each.remove();
  document.body.removeAttribute('class');
  main.replaceChildren(said);
  main.focus();
};

const isOver = async () => {
  const answer = await fetch('/api/v1/me', { headers: { Accept: 'application/json', ...ownSession } }).catch(() => null);
  return answer?.status === 401;
};

let asking = null;
const ask = async () => {
  if (!await isOver() || ended) return;
  ended = true;
  if (document.body.dataset.shared !== undefined) return flee();
  for (const each of atEnd) each();
  forget();
  empty();
};

/** Ask whether the session of this page still lasts. */
export const checkSession = () => {
  if (session && !ended) asking ??= ask().finally(() => { asking = null; });
};

// A page that was out of sight may have been forgotten there.
const watchSession = () => {
  let hiddenAt = Date.now();
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) hiddenAt = Date.now();
    else if (Date.now() - hiddenAt >= MINUTE) checkSession();
  });
};

// Escape is not used: it stops the browser from loading the page that we flee to.
const watchShift = () => {
  let count = 0, timer, mixed = false;
  addEventListener('keyup', event => {
    if (event.key === 'Shift' && !mixed) {
      clearTimeout(timer);
      timer = setTimeout(() => { count = 0; }, 5000);
      if (++count === 3) leave();
    } else count = 0;
    mixed = event.shiftKey;
  });
};

// Not "scroll": a discussion scrolls by itself when others write.
const MOVES = ['pointerdown', 'keydown', 'input', 'wheel', 'touchmove'];
const onMove = listener => {
  for (const type of MOVES) addEventListener(type, listener, { passive: true, capture: true });
};

const sayStill = () => fetch('/still-here', {
  method: 'POST', headers: { 'X-CSRFToken': $('meta[name=csrf-token]')?.content ?? '', ...ownSession },
}).catch(() => null);

// The server's own end of a quiet session must not come while somebody reads slowly or writes: it is told, once a minute.
let moved = false, saidAt = Date.now();
const watchStill = () => {
  if (still === undefined) return;
  onMove(() => { moved = true; });
  setInterval(() => {
    if (!moved || ended || Date.now() - saidAt < MINUTE) return;
    moved = false;
    saidAt = Date.now();
    sayStill();
  }, 1000);
};

// The server writes both numbers of seconds on <body>; without them nothing runs.
const watchIdle = () => {
  const dialog = document.getElementById('idle');
  const limit = Number(document.body.dataset.idle), grace = Number(document.body.dataset.left);
  if (!limit || !grace || !dialog?.showModal) return;
  const shown = dialog.querySelector('[data-left]');
  // The tabs of a device end together: who is at one of them is there for all.
  const tabs = new BroadcastChannel('awake');
  let last = Date.now(), told = 0;
  const stay = () => {
    last = Date.now();
    if (last - told < 1000) return;
    told = last;
    tabs.postMessage(null);
  };
  const awake = () => { if (!dialog.open) stay(); };
  onMove(awake);
  // The answer to the question comes late: the server hears it at once.
  dialog.addEventListener('close', () => { stay(); if (still !== undefined) sayStill(); });
  tabs.addEventListener('message', () => { last = Date.now(); dialog.close(); });
  setInterval(() => {
    const quiet = (Date.now() - last) / 1000;
    if (quiet >= limit && !dialog.open) dialog.showModal();
    if (dialog.open) shown.textContent = Math.max(0, Math.ceil(limit + grace - quiet));
    if (quiet >= limit + grace) leave();
  }, 1000);
};

// From a kiosk no link leads out, and whoever signs out leaves nothing.
const keepInside = () => {
  if (!onKiosk) return;
  const inside = event => {
    const to = event.target.closest?.('a[href]');
    if (to && to.origin !== location.origin) event.preventDefault();
  };
  for (const type of ['click', 'auxclick']) addEventListener(type, inside, { capture: true });
  for (const form of document.querySelectorAll('form[action="/sign-out"]')) form.addEventListener('submit', leave);
};

// The desk sees by it that this screen works; it says nothing of who is at it, and keeps no session alive.
const giveSign = () => fetch('/healthz', { cache: 'no-store' }).catch(() => null);
if (onKiosk) setInterval(giveSign, SIGN);

const watchLeave = () => {
  watchSession();
  // Of a session that has ended elsewhere, nothing is kept either. A page may be old: the server says who is there.
  if (!session && chosen()) isOver().then(over => { if (over) forget(); });
  if (!link) return;
  // The other tabs show as much.
  others.addEventListener('message', flee);
  for (const each of document.querySelectorAll('[data-leave]')) each.addEventListener('click', leave);
  watchShift();
  watchIdle();
  watchStill();
  keepInside();
  trim();
  // A page kept by the Back button would show what was left: the server decides again.
  addEventListener('pageshow', event => { if (event.persisted) location.reload(); });
};

// The server reads the cookie and writes the attributes; here the choice is only shown at once and kept in the same cookie.
const reading = form => {
  const set = (name, value) => value ? root.setAttribute(name, value) : root.removeAttribute(name);
  const apply = () => {
    const data = new FormData(form), text = data.get('text'), theme = data.get('theme'), contrast = data.get('contrast') || '';
    set('data-text', text === 'm' ? '' : text);
    set('data-theme', theme === 'auto' ? '' : theme);
    set('data-contrast', contrast);
    const said = [text, theme, contrast, form.dataset.language];
    return (data.get('discreet') ? [...said, 'plants'] : said).join('.');
  };
  // On a shared device the cookie ends with the browser and with the way out.
  const life = form.dataset.shared === undefined ? '; Max-Age=31536000' : '';
  $('button', form).hidden = true;
  form.addEventListener('change', event => {
    document.cookie = `${form.dataset.prefs}=${apply()}; Path=/; SameSite=Lax${life}${safe}`;
    // The names of clubs are the server's to write.
    if (event.target.name === 'discreet') location.reload();
  });
};

const closeMenu = () => addEventListener('keydown', event => {
  const open = event.key === 'Escape' && $('details.menu[open]');
  if (open) { open.open = false; $('summary', open).focus(); }
});

// The printer's button needs a script to press it: without one the sentence beside it says the other way.
const printer = row => {
  row.hidden = false;
  $('button', row).addEventListener('click', () => print());
};

// The page that says "one moment" asks again by itself, but not while there is no network.
const retry = body => setTimeout(() => {
  if (navigator.onLine) location.reload();
  else addEventListener('online', () => location.reload(), { once: true });
}, Number(body.dataset.retry || 20) * 1000);

const each = (selector, start) => { for (const found of document.querySelectorAll(selector)) start(found); };

watchLeave();
closeMenu();
each('[data-prefs]', reading);
each('[data-print]', printer);
each('[data-keep]', keeping);
each('form[action^="/sign-out"]', form => form.addEventListener('submit', forget));
each('body[data-retry]', retry);
// A link to one message wins over the place where the reader stopped.
if (!location.hash) $('#unread')?.scrollIntoView({ block: 'start' });
$('[data-errors]')?.focus();
