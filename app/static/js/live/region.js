// Blocks that change while one looks: a change only says "ask again", the server draws, the block is merged.
import { ask, merge } from './fragment.js';

const SOON = 400;

const keepFresh = block => {
  const { liveRegion, refresh } = block.dataset;
  let timer, stale = false;
  const renew = async () => {
    stale = document.hidden;
    if (stale) return;
    const fresh = await ask(liveRegion).catch(() => null);
    if (fresh) merge(document.getElementById(liveRegion), fresh);
  };
  if (refresh) setInterval(renew, Number(refresh) * 1000);
  document.addEventListener('visibilitychange', () => { if (stale) renew(); });
  return () => {
    clearTimeout(timer);
    timer = setTimeout(renew, SOON * (1 + Math.random()));
  };
};

const list = text => text?.split(' ').filter(Boolean) ?? [];
const clubs = new Map();

for (const block of document.querySelectorAll('[data-live-region]')) {
  const renew = keepFresh(block), kinds = list(block.dataset.kinds), seq = block.dataset.seq ? Number(block.dataset.seq) : null;
  const told = { seq, kinds, renew };
  for (const slug of list(block.dataset.club)) clubs.set(slug, [...clubs.get(slug) ?? [], told]);
}

// The line is loaded only by those who may watch a club.
if (clubs.size) {
  import('./line.js').then(({ watch }) => clubs.forEach((blocks, slug) => {
    const all = () => { for (const each of blocks) each.renew(); };
    const change = ({ kind }) => { for (const each of blocks) if (!each.kinds.length || each.kinds.includes(kind)) each.renew(); };
    const known = blocks.map(each => each.seq);
    watch(slug, known.includes(null) ? null : Math.min(...known), { change, gap: all, closed: all });
  }));
}
