// The line to the server: one socket for the page, or, where sockets are blocked, a poll that waits.
// Each watched club has one log; its rows are handed on once each and in order, whatever is lost or received twice.
import { io } from '../../vendor/socket.io.esm.min.js';
import { checkSession, onSessionEnd, ownSession } from '../app.js';

/**
 * @typedef {object} Listener
 * @property {(change: {seq: number, kind: string, at: string, data: object|null}) => void} change  a row, in order
 * @property {() => void} gap  too much was missed: draw again from the page
 * @property {() => void} closed  the right to watch has ended
 */

const ACK = 10_000, HALF_MINUTE = 30_000, MINUTE = 60_000, AGAIN = 5_000, ENDED = [403, 404];
const clubs = new Map(), listeners = new Set();
const socket = io({
  path: '/socket.io', transports: ['websocket'], reconnection: false, autoConnect: false, timeout: ACK,
});
let failures = 0, polls = null, timer, dialing, hiddenAt = 0;

/** joining: not known yet · live: by socket · poll: without · off: no network */
export let state = 'joining';

const become = now => {
  if (now === state) return;
  state = now;
  for (const each of listeners) each(now);
};

/** Be told each time the state of the line changes. */
export const onState = listener => listeners.add(listener);

/** Hear an event of the server that is not in the log. */
export const on = (event, listener) => socket.on(event, listener);

/** Say something that may be lost. */
export const mention = (event, data) => { if (socket.connected) socket.emit(event, data); };

/** Say something and wait for the answer; rejects when none comes. */
export const call = (event, data) => new Promise((resolve, reject) => {
  if (!socket.connected) return reject(new Error('not connected'));
  socket.timeout(ACK).emit(event, data, (error, answer) => error ? reject(error) : resolve(answer));
});

const read = async (path, options) => {
  const headers = { Accept: 'application/json', ...ownSession, ...options.headers };
  const answer = await fetch(`/api/v1/${path}`, { ...options, headers });
  const body = await answer.json().catch(() => null);
  if (answer.ok) return { ok: true, body };
  const wait = Number(answer.headers.get('Retry-After')) || 0;
  return { ok: false, problem: { retry_after: wait, ...body, status: answer.status } };
};

/** Write by the JSON door. */
export const write = (method, path, data) => read(path, {
  method,
  body: data && JSON.stringify(data),
  headers: {
    'X-CSRFToken': document.querySelector('meta[name=csrf-token]')?.content ?? '',
    ...(data && { 'Content-Type': 'application/json' }),
  },
});

// A frame that is too large closes the socket without a word; the other door says why.
const LONG = 8_000;

/** Post a message by whichever door is open; rejects when neither answers. */
export const post = async (thread, message) => {
  if (socket.connected && message.body.length <= LONG) return call('message:post', { thread, ...message });
  const answer = await write('POST', `threads/${thread}/messages`, message);
  return answer.ok ? { ok: true, message: answer.body } : answer;
};

const tell = (club, what, told) => {
  for (const each of club.listeners) {
    try { each[what]?.(told); } catch (error) { reportError(error); }
  }
};

const close = club => {
  if (!clubs.delete(club.slug)) return;
  tell(club, 'closed');
  if (clubs.size) return;
  stopPolls();
  drop();
};

const apply = (club, change) => {
  if (change.seq <= club.last) return;
  club.last = change.seq;
  tell(club, 'change', change);
};

const take = (club, page) => {
  if (page.gap || club.last === null) {
    club.last = page.seq;
    tell(club, 'gap');
    return;
  }
  for (const each of page.changes) apply(club, each);
  club.last = Math.max(club.last, page.seq);
};

const since = club => club.last === null ? {} : { since: club.last };

const pause = seconds => new Promise(resolve => { setTimeout(resolve, seconds * 1000); });

// Too many at once, or a database that is away: the server may say how long. A little chance, so that all who wait
// do not come back together.
const patienceFor = problem => (problem.retry_after || AGAIN / 1000) * (1 + Math.random() / 4);

const refused = (club, problem) => {
  if (ENDED.includes(problem.status)) return close(club);
  // The page is emptied when its session has ended; else it asks again.
  if (problem.status === 401) checkSession();
  clearTimeout(club.timer);
  club.timer = setTimeout(catchUp, patienceFor(problem) * 1000, club);
};

// Subscribes and reads what was missed; asks again as long as there is more, or a push has said that there is.
const catchUp = async club => {
  if (club.busy || !socket.connected || !clubs.has(club.slug)) return;
  club.busy = true;
  try {
    let page;
    do {
      page = await call('club:watch', { club: club.slug, ...since(club) });
      if (!page.ok) break;
      take(club, page);
    } while (page.more || (page.changes.length && club.last < club.ahead));
    if (!page.ok) refused(club, page.problem);
  } catch {
    // No answer: the connection is dead without knowing it.
    if (socket.connected) hangUp();
  } finally {
    club.busy = false;
  }
};

const dialed = () => { clearTimeout(dialing); dialing = 0; };

const drop = () => { dialed(); socket.disconnect(); };

const hangUp = () => { drop(); dial(); };

// Once at a time: asked twice, the server takes us for a stranger. A busy one may need as long as a turn in its line.
const dial = () => {
  clearTimeout(timer);
  if (socket.connected || dialing || !clubs.size) return;
  dialing = setTimeout(hangUp, HALF_MINUTE);
  socket.connect();
};

// A little chance, so that a room full of phones does not knock all at once.
const patience = () => {
  if (!navigator.onLine) return AGAIN;
  return polls ? MINUTE : (1 + failures) * 1000 * (0.5 + Math.random());
};

const dialLater = () => {
  clearTimeout(timer);
  timer = setTimeout(dial, patience());
};

const failed = error => {
  dialed();
  // Not the road but the server refuses.
  if (error.type !== 'TransportError') checkSession();
  if (!navigator.onLine) become('off');
  else if (++failures >= 2 && !polls) startPolls();
  dialLater();
};

const startPolls = () => {
  polls = new AbortController();
  for (const club of clubs.values()) poll(club, polls.signal);
};

const stopPolls = () => { polls?.abort(); polls = null; };

const poll = async (club, signal) => {
  while (!signal.aborted && clubs.has(club.slug)) {
    // The first answer comes at once: it says whether there is a network.
    const query = new URLSearchParams({ ...since(club), wait: state === 'poll' ? 25 : 0 });
    try {
      const answer = await read(`clubs/${club.slug}/changes?${query}`, { signal });
      if (signal.aborted) return;
      if (!answer.ok && ENDED.includes(answer.problem.status)) return close(club);
      if (!answer.ok) {
        if (answer.problem.status === 401) checkSession();
        await pause(patienceFor(answer.problem));
        continue;
      }
      if (state === 'off') dial();
      become('poll');
      take(club, answer.body);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof TypeError) become('off');
      await pause(AGAIN / 1000);
    }
  }
};

const pushed = change => {
  const club = clubs.get(change.club);
  if (!club || change.seq <= club.last) return;
  if (change.seq === club.last + 1 && !club.busy) return apply(club, change);
  club.ahead = Math.max(club.ahead, change.seq);
  catchUp(club);
};

const pulsed = heads => {
  for (const [slug, seq] of Object.entries(heads)) {
    const club = clubs.get(slug);
    if (club && seq > club.last) catchUp(club);
  }
};

let before = false;
socket.on('connect', () => {
  // By now the cookie may be somebody else's.
  if (before) checkSession();
  before = true;
  dialed();
  failures = 0;
  stopPolls();
  become('live');
  for (const club of clubs.values()) catchUp(club);
});
socket.on('connect_error', failed);
socket.on('disconnect', reason => {
  dialed();
  become('joining');
  if (reason === 'io server disconnect') checkSession();
  if (reason !== 'io client disconnect') dialLater();
});
socket.on('change', pushed);
socket.on('pulse', pulsed);
socket.on('club:closed', ({ club }) => { if (clubs.has(club)) close(clubs.get(club)); });

onSessionEnd(() => { for (const club of [...clubs.values()]) close(club); });
addEventListener('offline', () => { stopPolls(); drop(); become('off'); dialLater(); });
addEventListener('online', () => { failures = 0; dial(); });
document.addEventListener('visibilitychange', () => {
  if (document.hidden) hiddenAt = Date.now();
  else if (!socket.connected) dial();
  else if (Date.now() - hiddenAt >= MINUTE) for (const club of clubs.values()) catchUp(club);
});

/**
 * Watch a club's log from the row after `seq` (null: from now on).
 * @param {string} slug
 * @param {number|null} seq
 * @param {Listener} listener
 */
export const watch = (slug, seq, listener) => {
  const known = clubs.get(slug);
  if (known) {
    known.listeners.push(listener);
    return listener.gap();
  }
  const club = { slug, last: seq, ahead: 0, busy: false, listeners: [listener] };
  clubs.set(slug, club);
  if (socket.connected) catchUp(club);
  else if (polls) poll(club, polls.signal);
  else dial();
};
