// Blocks that the server drew: asked for, parsed, merged. The only place where text becomes HTML.
import { Idiomorph } from '../../vendor/idiomorph.esm.js';

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
  const answer = await fetch(location.href, { headers: { 'X-Fragment': id } });
  if (!answer.ok || answer.redirected) return null;
  return parse(await answer.text()).querySelector(`#${CSS.escape(id)}`);
};

// What the reader opened stays open.
const keepOpen = name => name !== 'open';

/** Change a block into its new self without taking focus or a half-typed text from the reader. */
export const merge = (block, fresh) => Idiomorph.morph(block, fresh, {
  ignoreActiveValue: Boolean(document.activeElement?.matches('input, select, textarea')),
  callbacks: { beforeAttributeUpdated: keepOpen },
});
