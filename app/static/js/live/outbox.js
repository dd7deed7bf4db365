// What I write: shown at once as waiting, then as sent. What was written first is sent first, through all the discussions
// and pages of one club; again after 2, 4, 8 seconds, or as the server says, and at once when the network is back.
// On a page of the club that draws no messages it only sends what the device has kept.
import { keeps } from '../app.js';
import { mention, onState, post, state } from './line.js';

/**
 * @typedef {object} Item
 * @property {string} client_id
 * @property {string} thread
 * @property {string} body
 * @property {string} [reply_to]
 */

const STEPS = [2, 4, 8], PATIENCE = 8_000, SOON = 2_000, TYPING = 3_000;
const { me, key, thread } = document.querySelector('[data-me]').dataset;
const { locks } = navigator, channel = window.BroadcastChannel && new BroadcastChannel('line');
const queue = [];
let running = false, stopped = false, tries = 0, stir = () => {};
// late: something waited for the network. turn: this club's messages may leave now; until then they go on waiting.
let late = false, turn = false, turnEnds = () => {};
// Whether what is written waits at this moment, and for minutes: what is written next is told so too.
let held = null;
// What the device keeps (kept.js), for who asked for it; else nothing but this page.
let kept = null, ready = Promise.resolve();

// What a page that draws messages does about them.
const page = { adopt() {}, waits() {}, sent() {}, refused() {}, rests() {} };

const safely = async act => {
  try { return await act(); } catch { kept = null; return null; }
};

const changed = seconds => new Promise(resolve => {
  stir = resolve;
  if (seconds) setTimeout(resolve, seconds * 1000);
});
const later = () => STEPS[Math.min(tries++, STEPS.length - 1)] * (1 + Math.random() / 4);

// Each message takes its place at once in one line of this browser for this club: two tabs cannot overtake each other, and
// a tab that closes leaves the line. Without locks (an old browser, plain http) the order holds within each tab only.
const inLine = item => new Promise(granted => {
  if (!locks) return granted();
  locks.request(`line:${me}`, () => new Promise(leave => {
    item.leave = leave;
    if (item.over) leave();
    granted();
  }));
});

// A tab that the phone has put to sleep with its place would silence the others: who does not answer is passed by.
let heard = false;
channel?.addEventListener('message', ({ data }) => {
  if (data.here === me) heard = true;
  else if (data.ask === me && queue.length) channel.postMessage({ here: me });
});
const allAsleep = async item => {
  do {
    heard = !channel;
    channel?.postMessage({ ask: me });
    await new Promise(resolve => { setTimeout(resolve, PATIENCE); });
  } while (!item.placed && !item.over && (heard || state === 'off'));
};

const leave = item => {
  const at = queue.indexOf(item);
  if (at >= 0) queue.splice(at, 1);
  item.over = true;
  item.leave?.();
};

// It need not be kept any more: it was sent, or its text is back with its writer.
const release = id => { if (kept) safely(() => kept.drop(id)); };

// On a device that keeps: what was written first on it, also by a page that is closed by now. Nothing, when another page has
// had the answer.
const first = async item => {
  const rows = kept && await safely(() => kept.list());
  if (!rows) return item;
  const same = one => each => each.client_id === one.client_id, row = rows.find(same(item));
  if (!row || row.why) {
    leave(item);
    if (row) page.refused(item, row.why);
    return null;
  }
  const oldest = rows.find(each => !each.why);
  return queue.find(same(oldest)) ?? oldest;
};

const tell = minutes => {
  held = { minutes };
  page.waits(minutes);
};

// Loaded when somebody touches the page, or when the network is back.
const helpers = {}, again = {};
const load = async name => {
  helpers[name] ??= import(`./${name}.js${again[name] ?? ''}`);
  try {
    return await helpers[name];
  } catch (error) {
    delete helpers[name];
    // Some browsers remember for an address that it failed, and never ask again.
    again[name] = `?${Date.now()}`;
    throw error;
  }
};

const turnBegins = ({ apart }) => new Promise(begun => {
  apart(me, () => new Promise(end => {
    turn = true;
    held = null;
    turnEnds = () => { turn = false; turnEnds = () => {}; end(); };
    if (stopped) turnEnds();
    begun();
  }), () => tell(true));
});

const takeTurn = () => load('apart').then(turnBegins, () => wait(later()));

const wait = seconds => {
  tell(false);
  return changed(seconds);
};

const settle = (item, answer) => {
  const status = answer?.ok ? 200 : answer?.problem.status ?? 503;
  if (status === 429 || status >= 500) {
    late ||= status >= 500;
    return wait(answer?.problem.retry_after || later());
  }
  tries = 0;
  held = null;
  leave(item);
  if (answer.ok) {
    release(item.client_id);
    return page.sent(item, answer.message);
  }
  const why = answer.problem.detail;
  if (kept) safely(() => kept.refuse(item.client_id, why));
  return page.refused(item, why);
};

// What stands in line behind another tab waits for the network too.
const lineUp = async item => {
  const stands = () => {
    late = true;
    tell(false);
  };
  const timer = setTimeout(stands, SOON);
  if (state === 'off') stands();
  await Promise.race([item.place, allAsleep(item)]);
  clearTimeout(timer);
  item.placed = true;
  await item.stored;
};

const step = async item => {
  if (!item.placed) await lineUp(item);
  if (stopped || item.over) return;
  if (state === 'off') {
    late = true;
    return wait();
  }
  if (late && !turn) return takeTurn();
  const next = await first(item);
  if (!next) return;
  const { thread, client_id, body, reply_to } = next;
  const answer = await post(thread, { client_id, body, membership: me, ...(reply_to && { reply_to }) }).catch(() => null);
  if (!stopped && !next.over) return settle(next, answer);
};

const run = async () => {
  if (running) return;
  running = true;
  while (queue.length && !stopped) await step(queue[0]);
  running = false;
  late = false;
  held = null;
  turnEnds();
  page.rests();
};

// One after the other: their order on the device is the order in which they were written.
const store = item => {
  ready = ready.then(() => kept && safely(() => kept.add(item)));
  return ready;
};

const join = item => {
  item.place = inLine(item);
  queue.push(item);
  if (held) page.waits(held.minutes);
  run();
};

const enqueue = item => {
  item.stored = store(item);
  join(item);
};

/** A message of mine came by the log: it is stored, whether or not its answer reached me. */
export const arrived = clientId => {
  const item = queue.find(each => each.client_id === clientId);
  if (item) leave(item);
  release(clientId);
};

const halt = () => {
  const items = [...queue];
  stopped = true;
  for (const each of items) leave(each);
  stir();
  turnEnds();
  if (kept) safely(() => kept.clear());
  return items;
};

const adopt = async () => {
  kept = await (await load('kept')).open(me, key);
  for (const each of await kept.list()) {
    if (queue.some(item => item.client_id === each.client_id)) continue;
    page.adopt(each);
    if (each.why) continue;
    // It waited, whatever the network is like by now.
    late = true;
    join(each);
  }
};

/** Keep from now on what waits, or keep it no more: as the person has chosen. */
export const keep = () => {
  if (!key || !keeps()) { kept = null; return; }
  const written = [...queue];
  ready = ready.then(() => safely(adopt));
  written.forEach(store);
};

onState(now => {
  if (now === 'joining') return;
  tries = 0;
  stir();
});

// randomUUID exists in secure contexts only; a house may be tried over plain http.
const newId = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, each => each.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
};

const form = document.getElementById('composer'), box = form?.elements.body, replyTo = form?.elements.reply_to;
const replyNote = form?.querySelector('[data-reply]'), refusal = form?.querySelector('[data-refusal]');
const choice = document.querySelector('[data-keep]');
// draw.js, where there is something to draw; and a change during which who reads the end goes on reading it.
let drawing, follow;

const write = text => {
  box.value = text;
  box.dispatchEvent(new Event('input'));
};

const reply = id => {
  const about = drawing.quoted(id);
  replyTo.value = about ? id : '';
  replyNote.hidden = !about;
  if (about) replyNote.querySelector('span').textContent = drawing.fill(replyNote.dataset.reply, about);
};

/** What one is answering may be read no more. */
export const unquote = id => { if (replyTo.value === id) reply(''); };

const say = detail => {
  refusal.hidden = !detail;
  box.toggleAttribute('aria-invalid', Boolean(detail));
  const told = refusal.querySelector('.msg-error > span');
  told.replaceChildren(told.firstChild, detail);
};

// The text comes back where it can be corrected; a text begun meanwhile is not touched before the reader asks.
const takeBack = (item, detail) => {
  item.li.remove();
  offered.delete(item);
  release(item.client_id);
  write(box.value.trim() ? `${item.body}\n${box.value}` : item.body);
  if (item.reply_to) reply(item.reply_to);
  say(detail);
  box.focus();
};

// Refused, or too old to leave without being asked: it stays where it is read until its writer takes it back.
const offered = new Map();
const offer = (item, why) => {
  const detail = why === 'old' ? drawing.template.dataset.old : why;
  offered.set(item, why);
  drawing.explain(item.li, 'refused', detail);
  item.li.querySelector('.msg__state button').addEventListener('click', () => takeBack(item, detail));
};

const drawn = {
  // Kept by an earlier page.
  adopt: item => {
    if (item.thread !== thread) return;
    item.li = drawing.drawWaiting(item);
    if (item.why) offer(item, item.why);
    else drawing.explain(item.li, 'waiting');
  },
  waits: minutes => {
    follow(() => {
      for (const { li } of queue) if (li) drawing.explain(li, 'waiting', minutes && drawing.template.dataset.apart);
    });
    if (choice) load('kept').then(() => follow(() => { choice.hidden = !queue.length; }), () => {});
  },
  // Not from under the finger.
  rests: () => { if (choice && !choice.contains(document.activeElement)) choice.hidden = true; },
  sent: ({ li }, message) => { if (li) drawing.draw(message); },
  refused: (item, detail) => {
    if (!item.li) return;
    if (detail === 'old' || box.value.trim()) offer(item, detail);
    else takeBack(item, detail);
  },
};

/** Draw again what is not sent, after the block was drawn anew. */
export const redrawWaiting = () => {
  for (const each of [...offered.keys(), ...queue]) if (each.li) each.li = drawing.drawWaiting(each);
  for (const [each, why] of offered) offer(each, why);
};

/** Nothing more will be sent from this page; what waits comes back as text. */
export const stop = () => {
  const texts = halt().filter(each => each.li).map(each => { each.li.remove(); return each.body; });
  if (texts.length) write([...texts, box.value].filter(Boolean).join('\n'));
  form.querySelector('button').disabled = true;
};

const send = () => {
  const body = box.value.trim();
  if (!body) return box.focus();
  const item = { client_id: newId(), thread, body, reply_to: replyTo.value };
  item.li = drawing.drawWaiting(item);
  write('');
  reply('');
  say('');
  box.focus();
  enqueue(item);
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
export const openOutbox = (log, draw, sent, following) => {
  drawing = draw;
  follow = following;
  Object.assign(page, drawn);
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
  choice?.addEventListener('change', keep);
  choice?.addEventListener('focusout', () => setTimeout(() => { if (!queue.length) drawn.rests(); }));
  const names = key ? ['apart', 'kept'] : ['apart'];
  // Whoever reads may write, and by then the network may be gone.
  const prepare = () => { for (const each of names) load(each).catch(() => {}); };
  for (const type of ['pointerdown', 'focusin']) addEventListener(type, prepare, { once: true });
  keep();
  // Not when leaving fast: nothing may stand in the way.
  addEventListener('beforeunload', event => {
    if (!(queue.length || offered.size) || kept || document.querySelector('.veil')) return;
    event.preventDefault();
    event.returnValue = '';
  });
};
