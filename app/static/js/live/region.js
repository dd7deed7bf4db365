// Blocks that the server drew: asked for, parsed, merged. The only place where text becomes HTML.
// A block marked data-live-region is renewed by itself: a change only says "ask again", the server draws.
import { Idiomorph } from '../../vendor/idiomorph.esm.js';
import { checkSession, keeps, ownSession } from '../app.js';

const SOON = 400;

const policy = window.trustedTypes?.createPolicy('fragment', {
  createHTML: html => html,
  createScriptURL: url => {
    if (url !== '/sw.js') throw new TypeError('not our worker');
    return url;
  },
}) ?? { createHTML: html => html };

/** Nodes from HTML that our own server wrote. */
export const parse = html => {
  const template = document.createElement('template');
  template.innerHTML = policy.createHTML(html);
  return document.importNode(template.content, true);
};

/** The block with this id as the server shows it now; nothing when it is no longer ours to see. */
export const ask = async id => {
  const answer = await fetch(location.href, { headers: { 'X-Fragment': id, ...ownSession } });
  if (!answer.ok || answer.redirected) return void checkSession();
  return parse(await answer.text()).querySelector(`#${CSS.escape(id)}`);
};

// What the reader opened stays open.
const keepOpen = name => name !== 'open';
// What is marked data-own was filled in here: ticked by the reader, or said by a script.
const notOwn = node => node.dataset?.own === undefined;

/** Change a block into its new self without taking focus or a half-typed text from the reader. */
export const merge = (block, fresh) => Idiomorph.morph(block, fresh, {
  ignoreActiveValue: !!document.activeElement?.matches('input, select, textarea'),
  callbacks: { beforeAttributeUpdated: keepOpen, beforeNodeMorphed: notOwn },
});

const keepFresh = block => {
  const { liveRegion, refresh } = block.dataset;
  let timer, stale;
  const renew = async () => {
    stale = document.hidden;
    if (stale) return;
    const fresh = await ask(liveRegion).catch(() => null), shown = document.getElementById(liveRegion);
    if (fresh && shown) merge(shown, fresh);
  };
  if (refresh) setInterval(renew, Number(refresh) * 1000);
  document.addEventListener('visibilitychange', () => { if (stale) renew(); });
  return () => {
    clearTimeout(timer);
    timer = setTimeout(renew, SOON * (1 + Math.random()));
  };
};

const list = text => text?.match(/\S+/g) ?? [];
const clubs = new Map();

for (const block of document.querySelectorAll('[data-live-region]')) {
  const told = { renew: keepFresh(block), kinds: list(block.dataset.kinds) };
  for (const slug of list(block.dataset.club)) clubs.set(slug, [...clubs.get(slug) ?? [], told]);
}

// The line is loaded only by those who may watch a club.
if (clubs.size) {
  import('./line.js').then(({ watch }) => clubs.forEach((blocks, slug) => {
    const all = () => { for (const each of blocks) each.renew(); };
    const change = ({ kind }) => {
      for (const each of blocks) if (!each.kinds.length || each.kinds.includes(kind)) each.renew();
    };
    watch(slug, null, { change, gap: all, closed: all });
  }));
}

// What the device has kept leaves from any page of its club; a discussion sees to it itself.
if (!document.getElementById('log') && document.querySelector('[data-key]') && keeps()) {
  import('./outbox.js').then(({ keep }) => keep());
}
