// What I write: shown at once, sent one after the other, sent again until the server has answered.
// Kept in this page only.
import { draw, drawWaiting, explain, fill, quoted, template } from './draw.js';
import { mention, onState, post, state } from './line.js';

const AGAIN = 5_000, TYPING = 3_000;
const queue = [];
let busy = false, timer, stopped = false;

// randomUUID exists in secure contexts only; a house may be tried over plain http.
const newId = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, each => each.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

const form = document.getElementById('composer'), box = form.elements.body, replyTo = form.elements.reply_to;
const replyNote = form.querySelector('[data-reply]'), refusal = form.querySelector('[data-refusal]');
const { thread } = document.getElementById('log').dataset;

const write = text => {
  box.value = text;
  box.dispatchEvent(new Event('input'));
};

const reply = id => {
  const about = quoted(id);
  replyTo.value = about ? id : '';
  replyNote.hidden = !about;
  if (about) replyNote.querySelector('span').textContent = fill(replyNote.dataset.reply, about);
};

const say = detail => {
  refusal.hidden = !detail;
  box.toggleAttribute('aria-invalid', Boolean(detail));
  if (detail) refusal.querySelector('.msg-error > span').lastChild.textContent = detail;
};

// The text comes back where it can be corrected; a text begun meanwhile is not touched before the reader asks.
const takeBack = (item, detail) => {
  item.li.remove();
  write(box.value.trim() ? `${item.body}\n${box.value}` : item.body);
  if (item.reply_to) reply(item.reply_to);
  say(detail);
  box.focus();
};

const refused = (item, detail) => {
  if (!box.value.trim()) return takeBack(item, detail);
  explain(item.li, 'refused', detail);
  item.li.querySelector('.msg__state button').addEventListener('click', () => takeBack(item, detail));
};

const again = seconds => {
  clearTimeout(timer);
  timer = setTimeout(pump, seconds * 1000);
};

const settle = (item, answer) => {
  const status = answer.ok ? 200 : answer.problem.status;
  if (status === 429 || status >= 500) {
    explain(item.li, 'waiting', status === 429 ? template.dataset.fast : template.dataset.later);
    return again(answer.problem.retry_after || AGAIN / 1000);
  }
  if (queue[0] === item) queue.shift();
  if (answer.ok) draw(answer.message);
  else refused(item, answer.problem.detail);
  return pump();
};

const unsent = () => { for (const each of queue) explain(each.li, 'waiting'); };

// One at a time: the order in which I wrote is the order in which they are read.
const pump = async () => {
  if (busy || stopped || !queue.length) return;
  if (state === 'off') return unsent();
  const [item] = queue, { client_id, body, reply_to } = item;
  busy = true;
  const answer = await post(thread, { client_id, body, ...(reply_to && { reply_to }) }).catch(() => null);
  busy = false;
  if (answer) return settle(item, answer);
  unsent();
  again(AGAIN / 1000);
};

/** A message of mine came by the log: it is stored, whether or not its answer reached me. */
export const arrived = clientId => {
  const place = queue.findIndex(each => each.client_id === clientId);
  if (place >= 0) queue.splice(place, 1);
};

/** Draw again what waits, after the block was drawn anew. */
export const redrawWaiting = () => { for (const each of queue) each.li = drawWaiting(each); };

/** Nothing more will be sent from this page; what waits comes back as text. */
export const stop = () => {
  stopped = true;
  const texts = queue.splice(0).map(each => { each.li.remove(); return each.body; });
  if (texts.length) write([...texts, box.value].filter(Boolean).join('\n'));
  form.querySelector('button').disabled = true;
};

const send = () => {
  const body = box.value.trim();
  if (!body) return box.focus();
  const item = { client_id: newId(), body, reply_to: replyTo.value };
  item.li = drawWaiting(item);
  queue.push(item);
  write('');
  reply('');
  say('');
  box.focus();
  pump();
};

const watchTyping = () => {
  let last = 0;
  box.addEventListener('input', event => {
    if (!event.isTrusted || Date.now() - last < TYPING) return;
    last = Date.now();
    mention('thread:typing', { thread });
  });
};

const answerLink = event => {
  const link = event.target.closest('.acts a[href*="#composer"]');
  if (!link || stopped) return;
  event.preventDefault();
  link.closest('details').open = false;
  reply(link.closest('.msg').id.slice(2));
  box.focus();
};

/** Take over the form of the page. `sent` is called after a message of mine was drawn. */
export const openOutbox = (log, sent) => {
  form.addEventListener('submit', event => {
    event.preventDefault();
    if (!stopped) { send(); sent(); }
  });
  log.addEventListener('click', answerLink);
  replyNote.querySelector('a').addEventListener('click', event => {
    event.preventDefault();
    reply('');
    box.focus();
  });
  watchTyping();
  onState(() => { clearTimeout(timer); pump(); });
  // Not when leaving fast: nothing may stand in the way.
  addEventListener('beforeunload', event => {
    if (!queue.length || document.querySelector('.veil')) return;
    event.preventDefault();
    event.returnValue = '';
  });
};
