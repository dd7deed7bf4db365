// What every page gains with script. Each page works without it. One file: each more is a request.
const root = document.documentElement, MOST_ROWS = 6;
const $ = (selector, from = document) => from.querySelector(selector);

// Leaving at once, by the button, by Shift three times, or because nobody is there any more; and what becomes of a page
// whose session has ended elsewhere: nothing of it may stay to be read.
const link = document.querySelector('[data-leave]');
const { session } = document.body.dataset, MINUTE = 60_000;

let ended = false;

// The page is covered first: the network may be slow, the person behind the shoulder is not.
const flee = () => {
  ended = true;
  const veil = document.createElement('div');
  veil.className = 'veil';
  document.body.replaceChildren(veil);
  document.title = ' ';
  location.replace(link.dataset.exit || link.href);
};

const leave = event => {
  event?.preventDefault();
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

let asking = null;
const ask = async () => {
  const answer = await fetch('/api/v1/me', { headers: { Accept: 'application/json', ...ownSession } }).catch(() => null);
  if (answer?.status !== 401 || ended) return;
  ended = true;
  if (document.body.dataset.shared !== undefined) return flee();
  for (const each of atEnd) each();
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
  // Not "scroll": a discussion scrolls by itself when others write.
  for (const type of ['pointerdown', 'keydown', 'wheel']) addEventListener(type, awake, { passive: true, capture: true });
  dialog.addEventListener('close', stay);
  tabs.addEventListener('message', () => { last = Date.now(); dialog.close(); });
  setInterval(() => {
    const quiet = (Date.now() - last) / 1000;
    if (quiet >= limit && !dialog.open) dialog.showModal();
    if (dialog.open) shown.textContent = Math.max(0, Math.ceil(limit + grace - quiet));
    if (quiet >= limit + grace) leave();
  }, 1000);
};

const watchLeave = () => {
  watchSession();
  if (!link) return;
  for (const each of document.querySelectorAll('[data-leave]')) each.addEventListener('click', leave);
  watchShift();
  watchIdle();
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
    return [text, theme, contrast, form.dataset.language].join('.');
  };
  // On a shared device the cookie ends with the browser and with the way out.
  const life = form.dataset.shared === undefined ? '; Max-Age=31536000' : '';
  const safe = location.protocol === 'https:' ? '; Secure' : '';
  $('button', form).hidden = true;
  form.addEventListener('change', () => {
    document.cookie = `${form.dataset.prefs}=${apply()}; Path=/; SameSite=Lax${life}${safe}`;
  });
};

const closeMenu = () => addEventListener('keydown', event => {
  const open = event.key === 'Escape' && $('details.menu[open]');
  if (open) { open.open = false; $('summary', open).focus(); }
});

// The box grows with the text. Enter sends where there is a keyboard; on a phone it breaks the line.
const composer = form => {
  const box = $('textarea', form), keys = matchMedia('(hover: hover) and (pointer: fine)');
  // Measured, not counted: a line holds twenty letters on a phone and ninety on a desktop.
  const fit = () => {
    box.rows = 1;
    while (box.rows < MOST_ROWS && box.scrollHeight > box.clientHeight) box.rows += 1;
  };
  box.addEventListener('input', fit);
  form.addEventListener('reset', () => setTimeout(fit));
  box.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || !keys.matches) return;
    event.preventDefault();
    // Not requestSubmit: Safari before 16 has none.
    $('button', form).click();
  });
  fit();
};

// What the others will see, while a name is typed.
const mirror = field => {
  const names = document.querySelectorAll('[data-name]'), initials = document.querySelectorAll('[data-initial]');
  const show = () => {
    const name = field.value.trim() || field.dataset.mirror;
    for (const each of names) each.textContent = name;
    for (const each of initials) each.textContent = [...name][0].toLocaleUpperCase();
  };
  field.addEventListener('input', show);
  show();
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
each('[data-composer]', composer);
each('[data-mirror]', mirror);
each('body[data-retry]', retry);
// A link to one message wins over the place where the reader stopped.
if (!location.hash) $('#unread')?.scrollIntoView({ block: 'start' });
$('[data-errors]')?.focus();
