// Messages of two clubs that waited for the network must not leave together: who is in both would see who wrote them.
// One club at a time has its turn, for all pages of this browser, and keeps it one to five random minutes longer.
import { keeps } from '../app.js';

const LEAST = 60_000, SPREAD = 240_000, TURN = 'outbox';
const { locks } = navigator, channel = window.BroadcastChannel && new BroadcastChannel(TURN);
const gap = () => LEAST + Math.random() * SPREAD;
const pause = ms => new Promise(resolve => { setTimeout(resolve, ms); });

// A page that closes gives its turn back at once; what it said before still counts, also for a page that opens later and
// finds what the device has kept.
let last = JSON.parse(keeps() && localStorage.outboxTurn || null) ?? { until: 0 };
channel?.addEventListener('message', ({ data }) => { if (data.until > last.until) last = data; });

// No longer than it could be said: a clock may be set back.
const rest = club => last.club === club ? 0 : Math.min(LEAST + SPREAD, Math.max(0, last.until - Date.now()));

const turnOf = async (club, flush) => {
  await flush();
  last = { club, until: Date.now() + gap() };
  channel?.postMessage(last);
  if (keeps()) localStorage.outboxTurn = JSON.stringify(last);
  await pause(last.until - Date.now());
};

const isHeld = async name => (await locks.query()).held.some(each => each.name === name);

/**
 * Flush what waited in one club when no other club's messages have left for minutes.
 * @param {string} club  the membership
 * @param {() => Promise<void>} flush  ends when nothing waits any more
 * @param {() => void} wait  called when it will take minutes
 */
export const apart = async (club, flush, wait) => {
  const turn = `${TURN}:${club}`, pages = `${turn}:pages`, shared = { mode: 'shared' };
  if (!locks) {
    wait();
    await pause(gap());
    return flush();
  }
  // Another page of this club has the turn: it cannot end while this one holds its share of it.
  const joined = await locks.request(pages, { ...shared, ifAvailable: true }, async share => {
    const both = share && await isHeld(turn);
    if (both) await turnOf(club, flush);
    return both;
  });
  if (joined) return;
  if (rest(club) || await isHeld(TURN)) wait();
  await locks.request(TURN, () => locks.request(turn, async () => {
    await pause(rest(club));
    await locks.request(pages, shared, () => turnOf(club, flush));
    await locks.request(pages, () => {});
  }));
};
