// A discussion, live: what the others write appears, what I write is sent without leaving the page.
import * as drawing from './draw.js';
import { ask, merge } from './region.js';
import { on, onState, watch, write } from './line.js';
import { arrived, keep, openOutbox, redrawWaiting, stop, unquote } from './outbox.js';

const { draw, fill, find, react, rename } = drawing;
const NEAR = 100, MANY = 3, QUIET = 1_000, TYPING = 5_000, SOON = 200, MOST_ROWS = 6;
const log = document.getElementById('log'), { thread, club, me, seq } = log.dataset;
const speaker = log.closest('[role=log]'), page = document.scrollingElement;
const part = name => document.querySelector(`[data-${name}]`);
const below = part('below'), announcer = part('announce'), typing = part('typing'), net = part('net');

// The page may show an older stretch: then what is new has no place here, and the button leads to it.
const atEnd = () => log.hasAttribute('data-end');

const words = below.dataset.below.split('|');
const counted = number => words[Math.min(number, words.length) - 1];

const isNear = () => page.scrollHeight - page.scrollTop - innerHeight <= NEAR;
const toBottom = () => page.scrollTo({ top: page.scrollHeight });
let unseen = 0;

const showUnseen = number => {
  unseen = number;
  below.hidden = !number;
  below.querySelector('span').textContent = number ? counted(number) : '';
};

// The reader's place is kept: the page follows only someone who reads the end.
const following = (change, isNew) => {
  const near = isNear();
  change();
  if (near && atEnd()) toBottom();
  else if (isNew) showUnseen(unseen + 1);
};

// A screen reader says one to three new messages by itself; of a crowd it is told the number.
let recent = 0, quiet;
const hush = on => {
  speaker.setAttribute('aria-busy', on);
  speaker.setAttribute('aria-live', on ? 'off' : 'polite');
};
const heard = number => {
  recent += number;
  if (recent > MANY) hush(true);
  clearTimeout(quiet);
  quiet = setTimeout(() => {
    announcer.textContent = recent > MANY ? counted(recent) : '';
    if (recent > MANY) hush(false);
    recent = 0;
  }, QUIET);
};

const stopTyping = () => { typing.hidden = true; };
let typingTimer;
const showTyping = data => {
  if (data.thread !== thread) return;
  following(() => {
    typing.querySelector('span:last-child').textContent = fill(typing.dataset.typing, data);
    typing.hidden = false;
  });
  clearTimeout(typingTimer);
  typingTimer = setTimeout(stopTyping, TYPING);
};

// Too much was missed: the whole block again, with what waits still at its end.
const reload = async () => {
  const fresh = await ask('log').catch(() => null);
  if (fresh) following(() => { merge(log, fresh); redrawWaiting(); });
};

// Answers quote what was changed or taken back: what is gone may not be read on in a quote. The server knows which,
// and which words were said about what comes back.
let requoting;
const requote = (kind, stale = 'blockquote') => {
  if (kind !== 'message:restored' && !log.querySelector(stale)) return;
  clearTimeout(requoting);
  requoting = setTimeout(reload, SOON * (1 + Math.random()));
};

// A quote and a word say a name, and not whose it is.
const renamed = (data, kind) => {
  rename(data);
  requote(kind, 'blockquote, .reacts bdi');
};

const message = (data, kind) => {
  if (data.thread !== thread) return;
  if (kind !== 'message:posted') {
    requote(kind);
    if (!data.html) unquote(data.id);
  }
  if (data.client_id && data.author.id === me) arrived(data.client_id);
  const known = find(data.id), isNew = kind === 'message:posted' && data.author.id !== me && !known;
  if (!known && (!atEnd() || kind !== 'message:posted')) {
    if (isNew) showUnseen(unseen + 1);
    return;
  }
  if (isNew) { heard(1); stopTyping(); }
  following(() => draw(data), isNew);
};

const KINDS = {
  'message:posted': message, 'message:edited': message, 'message:withdrawn': message, 'message:hidden': message,
  'message:restored': message,
  'reaction:added': data => following(() => react(data, true)),
  'reaction:removed': data => following(() => react(data, false)),
  'thread:retitled': data => { if (data.id === thread) document.querySelector('h1').textContent = data.title; },
  'membership:renamed': renamed, 'membership:ended': renamed,
};
const change = ({ kind, data }) => { if (data) KINDS[kind]?.(data, kind); };

let ended = false;
const closed = () => {
  ended = true;
  stop();
  net.querySelector('span').textContent = net.dataset.closed;
  net.hidden = false;
};

// A word under a message, without leaving the page; when it is refused, by its form, whose answer says why.
let byForm;
const answer = async (button, id) => {
  const emoji = button.value, added = button.getAttribute('aria-pressed') !== 'true', menu = button.closest('details');
  const path = `messages/${id}/reactions/${encodeURIComponent(emoji)}`;
  const done = await write(added ? 'PUT' : 'DELETE', path).catch(() => null);
  if (!done) return;
  if (!done.ok) {
    byForm = button;
    button.click();
    return;
  }
  if (menu) menu.open = false;
  react({ message: id, emoji, author: { id: me, name: log.dataset.myName } }, added);
  // The button has moved, or went: focus stays beside it, unless the reader is elsewhere by now.
  const li = find(id), active = document.activeElement;
  if (active !== document.body && !li.contains(active)) return;
  (li.querySelector(`.reacts > [value="${emoji}"]`) ?? li.querySelector('summary'))?.focus();
};

// A second tap before anything has changed is the same tap. The push may show the change before the answer comes: a tap
// after it is a wish of its own, and waits for that answer.
const asked = new WeakMap();
const pressed = event => {
  const button = event.target.closest('.react[name=emoji]');
  if (!button || button === byForm) return;
  event.preventDefault();
  const state = button.getAttribute('aria-pressed'), id = button.closest('.msg').id.slice(2), before = asked.get(button);
  if (before?.state === state) return;
  const now = { state };
  asked.set(button, now);
  now.done = Promise.resolve(before?.done).then(() => answer(button, id)).finally(() => {
    if (asked.get(button) === now) asked.delete(button);
  });
};

// The box grows with the text. Enter sends where there is a keyboard; on a phone it breaks the line.
const composer = form => {
  const { body: box } = form.elements, keys = matchMedia('(hover: hover) and (pointer: fine)');
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
    form.querySelector('button').click();
  });
  fit();
};

log.addEventListener('click', pressed);
below.addEventListener('click', () => {
  if (atEnd()) toBottom();
  else location.assign(location.pathname);
});
// What opens under the last message would be hidden by the composer.
log.addEventListener('toggle', event => { if (event.target.open) event.target.scrollIntoView({ block: 'nearest' }); }, true);
addEventListener('scroll', () => { if (unseen && atEnd() && isNear()) showUnseen(0); }, { passive: true });
onState(state => {
  if (!ended) following(() => { net.hidden = state !== 'off'; });
  speaker.dataset.line = state;
});
on('thread:typing', showTyping);
for (const form of document.querySelectorAll('[data-composer]')) composer(form);
if (atEnd()) openOutbox(log, drawing, toBottom, following);
else keep();
if (atEnd() && !location.hash && !document.getElementById('unread')) toBottom();
watch(club, Number(seq), { change, gap: reload, closed });
