// The reader's own clock beside the house's, where the two say another hour. Nothing of it is kept or sent.
const lang = document.documentElement.lang, words = `${lang === 'en' ? 'en-GB' : lang}-u-nu-latn`;
const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;

const format = (options, timeZone = mine) => new Intl.DateTimeFormat(words, { ...options, timeZone });
const short = format({ timeStyle: 'short' }), weekday = format({ weekday: 'long' });
// The house writes "18 h 30" in French, and "19 h".
const clock = moment => lang === 'fr'
  ? short.format(moment).replace(/^0?(\d+):(\d\d)$/, (_, hour, minute) => `${hour}\u00a0h${minute === '00' ? '' : `\u00a0${minute}`}`)
  : short.format(moment);
const day = (moment, zone) => format({ dateStyle: 'short' }, zone).format(moment);
const shows = (moment, zone) => `${day(moment, zone)} ${format({ timeStyle: 'short' }, zone).format(moment)}`;

const tell = place => {
  const zones = place.dataset.zones.split(' ');
  const moments = [place.dataset.start, place.dataset.end].filter(Boolean).map(each => new Date(each)), [start] = moments;
  // Told once: the block around it is drawn anew, this is not.
  place.dataset.own = '';
  if (!mine || zones.some(zone => shows(start, zone) === shows(start, mine))) return;
  const other = day(start, zones[0]) === day(start, mine) ? '' : `${weekday.format(start)} `;
  place.querySelector('b').textContent = other + moments.map(clock).join(' – ');
  place.hidden = false;
};

const tellAll = () => { for (const place of document.querySelectorAll('[data-clock]:not([data-own])')) tell(place); };
const region = document.querySelector('[data-live-region]');
if (region) new MutationObserver(tellAll).observe(region, { childList: true, subtree: true });
tellAll();
