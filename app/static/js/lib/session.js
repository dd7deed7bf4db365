// What becomes of a page whose session has ended elsewhere: nothing of it may stay to be read.
import { flee } from './leave.js';

const { session } = document.body.dataset, MINUTE = 60_000;

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

let asking = null, ended = false;
const ask = async () => {
  const answer = await fetch('/api/v1/me', { headers: { Accept: 'application/json', ...ownSession } }).catch(() => null);
  if (answer?.status !== 401 || document.querySelector('.veil')) return;
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
let hiddenAt = Date.now();
document.addEventListener('visibilitychange', () => {
  if (document.hidden) hiddenAt = Date.now();
  else if (Date.now() - hiddenAt >= MINUTE) checkSession();
});
