// What every page gains with script. Each page works without it.
import { watchLeave } from './lib/leave.js';

const root = document.documentElement, MOST_ROWS = 6;
const $ = (selector, from = document) => from.querySelector(selector);

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
