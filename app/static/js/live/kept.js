// What waits, kept on this device for who asked for it: closing the page, or a phone that dies, loses nothing.
// It is sealed by a key that only the house holds: the page brings it, for this membership and for this session. Once one of
// them has ended, nobody can read what is left here. A row says of itself the membership and the moment, nothing else.
import { ownSession } from '../app.js';

const DAY = 86_400_000, OLD = 3 * DAY, GONE = 30 * DAY, NAME = 'waiting';

const asked = request => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const bytes = hex => Uint8Array.from(hex.match(/../g), pair => parseInt(pair, 16));
const encoded = text => new TextEncoder().encode(text);

const openBase = () => {
  const request = indexedDB.open('outbox', 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore(NAME, { keyPath: 'n', autoIncrement: true }).createIndex('id', 'id', { unique: true });
  };
  return asked(request);
};

// Clubs where one is no more: their rows go. Asked only when there are rows of others.
const tidy = async (store, me) => {
  const rows = await asked(store().getAll());
  const gone = rows.filter(each => Date.now() - each.at > GONE);
  if (rows.some(each => each.me !== me)) {
    const answer = await fetch('/api/v1/me', { headers: { Accept: 'application/json', ...ownSession } }).catch(() => null);
    const mine = answer?.ok && (await answer.json()).memberships.map(each => each.id);
    if (mine) gone.push(...rows.filter(each => !mine.includes(each.me)));
  }
  for (const each of gone) store('readwrite').delete(each.n);
};

/** What is kept for one membership, in the order in which it was written. */
export const open = async (me, hex) => {
  const key = await crypto.subtle.importKey('raw', bytes(hex), 'AES-GCM', false, ['encrypt', 'decrypt']);
  const base = await openBase(), store = mode => base.transaction(NAME, mode).objectStore(NAME);
  const cipher = (iv, id) => ({ name: 'AES-GCM', iv, additionalData: encoded(id) });
  // The way out wipes it from any tab, at once.
  base.onversionchange = () => base.close();
  await tidy(store, me);

  const drop = async id => {
    const n = await asked(store().index('id').getKey(id));
    if (n) await asked(store('readwrite').delete(n));
  };

  const seal = async (id, said) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, sealed: await crypto.subtle.encrypt(cipher(iv, id), key, encoded(JSON.stringify(said))) };
  };

  const unseal = async ({ iv, id, sealed }) =>
    JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(cipher(iv, id), key, sealed)));

  const add = async ({ client_id: id, thread, body, reply_to }) => {
    const row = { id, me, at: Date.now(), ...await seal(id, { thread, body, reply_to }) };
    await asked(store('readwrite').add(row)).catch(error => { if (error.name !== 'ConstraintError') throw error; });
  };

  // What another session has sealed is lost, as it was meant to be.
  const read = async row => {
    try {
      return { why: Date.now() - row.at > OLD ? 'old' : '', ...await unseal(row), client_id: row.id };
    } catch {
      await drop(row.id);
      return null;
    }
  };

  const mine = async () => (await asked(store().getAll())).filter(each => each.me === me);
  return {
    add,
    drop,
    /** Those with a `why` are not sent: they were refused, or have grown "old". */
    list: async () => (await Promise.all((await mine()).map(read))).filter(Boolean),
    refuse: async (id, why) => {
      const row = await asked(store().index('id').get(id));
      if (row) await asked(store('readwrite').put({ ...row, ...await seal(id, { ...await unseal(row), why }) }));
    },
    clear: async () => { for (const each of await mine()) await drop(each.id); },
  };
};
