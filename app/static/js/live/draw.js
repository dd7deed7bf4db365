// One drawing for each message, made from the page's own template and filled with text.
// The same message received twice, or changed, takes the place of its first drawing.
import { merge, parse } from './region.js';

export const template = document.getElementById('message');
const log = document.getElementById('log'), dayTemplate = document.getElementById('day');
const { me, myName, zone } = log.dataset, lang = document.documentElement.lang;
const EXCERPT = 80, DAY = 86_400_000;

/** Words of the server with their places filled. */
export const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');

const numbers = new Intl.DateTimeFormat('en', {
  timeZone: zone, hourCycle: 'h23',
  year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit',
});
const wall = moment => {
  const part = Object.fromEntries(numbers.formatToParts(moment).map(each => [each.type, each.value]));
  return { day: `${part.year}-${part.month}-${part.day}`, hour: part.hour, minute: part.minute };
};
const short = new Intl.DateTimeFormat(`${lang}-u-nu-latn`, { timeZone: zone, timeStyle: 'short' });
const clock = moment => {
  const { hour, minute } = wall(moment);
  if (lang !== 'fr') return short.format(moment);
  return `${Number(hour)}\u00a0h${minute === '00' ? '' : `\u00a0${minute}`}`;
};
const long = new Intl.DateTimeFormat(`${lang}-u-nu-latn`, {
  timeZone: zone, weekday: 'long', day: 'numeric', month: 'long',
});
const dayName = moment => {
  const { day } = wall(moment), now = Date.now();
  if (day === wall(now).day) return dayTemplate.dataset.today;
  if (day === wall(now - DAY).day) return dayTemplate.dataset.yesterday;
  const text = lang === 'fr' ? long.format(moment).replace(/ 1 /, ' 1er ') : long.format(moment);
  return text[0].toLocaleUpperCase(lang) + text.slice(1);
};

const nameOf = author => author.role === 'former' ? template.dataset.gone : author.name;
const initial = name => [...name][0]?.toLocaleUpperCase(lang) ?? '';
const sayings = li => li.querySelectorAll('.reacts > button[name=emoji]');
const namesIn = button => Array.from(button.querySelectorAll('bdi'), each => each.textContent);
const readSayings = li => Object.fromEntries(Array.from(sayings(li), each => [each.value, namesIn(each)]));

export const find = id => document.getElementById(`m-${id}`);
const findWaiting = id => id ? log.querySelector(`[data-client="${CSS.escape(id)}"]`) : null;

// Parts of the template: those that apply lose their mark, the others go.
const keep = (li, parts) => {
  for (const each of li.querySelectorAll('[data-part]')) {
    if (parts[each.dataset.part]) each.removeAttribute('data-part');
    else each.remove();
  }
};

const addressed = (li, id) => {
  for (const name of ['href', 'formaction']) {
    for (const each of li.querySelectorAll(`[${name}*=__id__]`)) {
      each.setAttribute(name, each.getAttribute(name).replace('__id__', id));
    }
  }
};

const excerptOf = li => {
  const bubble = li.querySelector('.bubble').cloneNode(true);
  bubble.querySelector('blockquote')?.remove();
  const text = Array.from(bubble.children, each => each.textContent).join(' ').trim().replace(/\s+/g, ' ');
  return text.length > EXCERPT ? `${text.slice(0, EXCERPT - 1).trimEnd()}…` : text;
};

/** Who said what, for the one who answers it; nothing when it is not on the page. */
export const quoted = id => {
  const li = id && find(id);
  if (!li || li.matches('.msg--hidden')) return null;
  const name = li.dataset.author === me ? myName : li.querySelector('.msg__who b').textContent;
  return { name, excerpt: excerptOf(li) };
};

const listNames = (button, names) => {
  const place = button.querySelector('span > span:last-child');
  place.replaceChildren(...names.flatMap((name, index) => {
    const shown = document.createElement('bdi');
    shown.textContent = name;
    return index ? [template.dataset.comma, shown] : [shown];
  }));
};

const fillSayings = (li, said) => {
  for (const each of li.querySelectorAll('[data-part=say]')) if (said[each.value]?.length) each.remove();
  for (const each of li.querySelectorAll('[data-part=react]')) {
    const names = said[each.value] ?? [];
    if (!names.length) { each.remove(); continue; }
    const mine = names.includes(myName);
    listNames(each, names);
    each.setAttribute('aria-pressed', mine);
    if (mine) each.setAttribute('formaction', `${each.getAttribute('formaction')}/withdraw`);
  }
};

// Links lead out of the house: on a device for several people they are text, as on the page itself.
const bodyOf = message => {
  const nodes = parse(message.html);
  if (!document.body.hasAttribute('data-shared')) return nodes;
  for (const each of nodes.querySelectorAll('a')) {
    const words = each.textContent, address = each.getAttribute('href');
    each.replaceWith(words === address ? words : `${words} (${address})`);
  }
  return nodes;
};

const header = (li, message, mine) => {
  const name = nameOf(message.author), moment = new Date(message.posted_at), local = wall(moment);
  const time = li.querySelector('time');
  li.querySelector('.face').textContent = initial(name);
  li.querySelector('.msg__who b').textContent = mine ? template.dataset.you : name;
  time.dateTime = `${local.day}T${local.hour}:${local.minute}`;
  time.textContent = clock(moment);
};

// Who hid it, and the rule: a number has its words here, another rule brings its own.
const hiddenWords = ({ by, rule }) =>
  `${template.dataset[by]} ${template.dataset[`rule${rule}`] ?? fill(template.dataset.rule, { rule })}`;

const formerly = (li, author) => {
  const said = li.querySelector('[data-former]');
  said.textContent = fill(template.dataset.formerly, author);
  return said;
};

/** A drawing of a message; `state`: sent, waiting, withdrawn, hidden. `said`: {emoji: names}. */
const build = (message, state, said) => {
  const li = document.importNode(template.content, true).querySelector('li');
  const mine = message.author.id === me, here = state === 'sent' || state === 'waiting';
  const quote = here && quoted(message.reply_to);
  addressed(li, message.id);
  header(li, message, mine);
  fillSayings(li, said);
  formerly(li, message.author);
  if (quote) li.querySelector('blockquote').textContent = fill(template.dataset.quote, quote);
  const { role } = message.author, hidden = state === 'hidden';
  if (hidden) li.querySelector('[data-part=hidden]').textContent = hiddenWords(message.hidden);
  keep(li, {
    formerly: message.author.former_name && !mine, lead: role === 'lead', staff: role === 'staff', mine, others: !mine, report: !mine, hide: role !== 'lead',
    react: true, say: true, quote, edited: here && message.edited_at,
    withdrawn: state === 'withdrawn', hidden, contest: hidden && mine, contested: hidden && !mine,
  });
  if (state === 'sent') li.querySelector('.bubble').append(bodyOf(message));
  else li.querySelector('.reacts').remove();
  li.id = `m-${message.id}`;
  li.dataset.author = message.author.id;
  li.dataset.seq = message.seq;
  li.classList.toggle('msg--me', mine);
  li.classList.toggle('msg--staff', role === 'staff');
  li.classList.toggle('msg--hidden', !here);
  return li;
};

const stateOf = message => {
  if (message.html) return 'sent';
  return message.hidden ? 'hidden' : 'withdrawn';
};

// A word keeps its button, and the focus on it, when it goes from those one may say to those that were said.
const mergeWords = (old, fresh) => {
  const words = root => root.querySelectorAll('button[name=emoji]');
  for (const each of [...words(old), ...words(fresh)]) each.id = `r-${each.value}`;
  const place = old.parentNode, at = [...place.children].indexOf(old);
  merge(old, fresh);
  for (const each of words(place.children[at])) each.removeAttribute('id');
};

const redraw = (li, fresh) => {
  const quote = li.querySelector('blockquote'), bubble = fresh.querySelector('.bubble');
  // What it answers may be on an older page: the server's own quote stays.
  const lacks = quote && !bubble.querySelector('blockquote') && !fresh.matches('.msg--hidden');
  if (lacks) bubble.prepend(quote.cloneNode(true));
  fresh.classList.toggle('msg--next', li.matches('.msg--next'));
  mergeWords(li, fresh);
};

const dayBefore = li => {
  let each = li.previousElementSibling;
  while (each && !each.dataset.day) each = each.previousElementSibling;
  return each?.dataset.day;
};

const headed = (li, moment) => {
  const { day } = wall(moment);
  if (dayBefore(li) === day) return;
  const heading = document.importNode(dayTemplate.content, true).querySelector('li');
  heading.dataset.day = day;
  heading.firstElementChild.textContent = dayName(moment);
  li.before(heading);
};

const grouped = li => {
  if (!li?.matches('.msg')) return;
  const above = li.previousElementSibling;
  li.classList.toggle('msg--next', Boolean(above?.matches('.msg') && above.dataset.author === li.dataset.author));
};

// In the order of the log; what still waits stays last.
const place = (li, moment) => {
  const seq = Number(li.dataset.seq);
  let after = null, each = log.lastElementChild;
  for (; each === li || Number(each?.dataset.seq) > seq; each = each.previousElementSibling) if (each !== li) after = each;
  if (li.parentNode !== log || li.nextElementSibling !== after) {
    const left = li.nextElementSibling;
    log.insertBefore(li, after);
    grouped(left);
  }
  if (moment) headed(li, moment);
  grouped(li);
  grouped(li.nextElementSibling);
};

/** Draw a message of the log, once; nothing on a page that is being left. */
export const draw = message => {
  if (!log.isConnected) return;
  const moment = new Date(message.posted_at), waits = findWaiting(message.client_id), old = find(message.id) ?? waits;
  // Sent by an earlier page that did not hear so: it was there before this one drew it as waiting.
  if (waits && waits !== old) waits.remove();
  const fresh = build(message, stateOf(message), old ? readSayings(old) : {});
  if (!old) return place(fresh, moment);
  const echo = old.dataset.client;
  redraw(old, fresh);
  if (echo) place(find(message.id), moment);
};

/** Draw at once what was just written and is not sent yet. Its day is the server's to say: this clock may be wrong. */
export const drawWaiting = item => {
  const author = { id: me, name: myName };
  const li = build({ ...item, id: item.client_id, seq: 'Infinity', author, posted_at: Date.now() }, 'waiting', {});
  const text = document.importNode(template.content, true).querySelector('[data-part=withdrawn]');
  text.removeAttribute('data-part');
  text.textContent = item.body;
  li.querySelector('.bubble').append(text);
  li.dataset.client = item.client_id;
  li.classList.add('msg--wait');
  place(li, null);
  return li;
};

/** Say beside a message why it waits, or why it was refused; nothing said, nothing shown. */
export const explain = (li, part, detail) => {
  const old = li.querySelector('.msg__state');
  if (!part) return old?.remove();
  const state = document.importNode(template.content, true).querySelector(`[data-part=${part}]`);
  state.removeAttribute('data-part');
  if (detail) (state.querySelector('span') ?? state.lastChild).textContent = detail;
  if (old?.textContent === state.textContent) return;
  old?.remove();
  li.append(state);
};

/** One word more, or one less, under a message. */
export const react = ({ message, emoji, author }, added) => {
  const li = find(message);
  if (!li?.querySelector('.reacts')) return;
  const said = readSayings(li), name = nameOf(author), others = (said[emoji] ?? []).filter(each => each !== name);
  said[emoji] = added ? [...others, name] : others;
  const fresh = document.importNode(template.content, true).querySelector('li'), mine = li.dataset.author === me;
  addressed(fresh, message);
  fillSayings(fresh, said);
  const hide = li.querySelector('[href$="/hide"]');
  keep(fresh, { react: true, say: true, mine, others: !mine, report: !mine, hide });
  mergeWords(li.querySelector('.reacts'), fresh.querySelector('.reacts'));
};

/** A member has another name from now on, or none: who has left keeps no name, also in an older row of the log. */
export const rename = ({ id, name: given, former_name }) => {
  if (id === me) return;
  const name = given ?? template.dataset.gone;
  for (const li of log.querySelectorAll(`[data-author="${CSS.escape(id)}"]`)) {
    const shown = li.querySelector('.msg__who b');
    shown.textContent = name;
    li.querySelector('[data-former]')?.remove();
    if (former_name) {
      const said = formerly(document.importNode(template.content, true), { former_name });
      said.removeAttribute('data-part');
      shown.after(' ', said);
    }
    li.querySelector('.face').textContent = initial(name);
  }
};
