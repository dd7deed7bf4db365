// Leaving at once, by the button, by Shift three times, or because nobody is there any more.
const link = document.querySelector('[data-leave]');

/** Go to the page that says nothing. This one is covered first: the network may be slow, who looks over is not. */
export const flee = () => {
  const veil = document.createElement('div');
  veil.className = 'veil';
  document.body.replaceChildren(veil);
  document.title = ' ';
  location.replace(link.dataset.exit || link.href);
};

export const leave = event => {
  event?.preventDefault();
  const url = new URL(link.href);
  if (url.origin === location.origin) navigator.sendBeacon(url.pathname);
  flee();
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
  let last = Date.now();
  const awake = () => { if (!dialog.open) last = Date.now(); };
  for (const type of ['pointerdown', 'keydown', 'scroll']) addEventListener(type, awake, { passive: true, capture: true });
  dialog.addEventListener('close', () => { last = Date.now(); });
  setInterval(() => {
    const quiet = (Date.now() - last) / 1000;
    if (quiet >= limit && !dialog.open) dialog.showModal();
    if (dialog.open) shown.textContent = Math.max(0, Math.ceil(limit + grace - quiet));
    if (quiet >= limit + grace) leave();
  }, 1000);
};

export const watchLeave = () => {
  if (!link) return;
  for (const each of document.querySelectorAll('[data-leave]')) each.addEventListener('click', leave);
  watchShift();
  watchIdle();
  // A page kept by the Back button would show what was left: the server decides again.
  addEventListener('pageshow', event => { if (event.persisted) location.reload(); });
};
