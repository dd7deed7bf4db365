// The screen of a door asks for its own face each minute, by the server's clock. Through a cut it keeps what it heard last
// and says since when; it never leaves the page, so no error of the browser hangs on a door.
const AGAIN = 10_000, PATIENCE = 15_000, UNPAIRED = 'form[action="/door"]';
const face = () => document.getElementById('main');
let timer, asking = false;

// Read as a document by the browser itself: the scripts of a merged region weigh more than this whole page.
const ask = () => new Promise(tell => {
  const asked = new XMLHttpRequest();
  asked.open('GET', '/door');
  asked.setRequestHeader('X-Fragment', 'main');
  asked.responseType = 'document';
  asked.timeout = PATIENCE;
  asked.onloadend = () => tell(asked.status === 200 ? asked.response : null);
  asked.send();
});

// An old code opens nothing: it must not be shown.
const sayCut = () => {
  face().querySelector('.door__off').hidden = false;
  face().querySelector('time').hidden = true;
  for (const old of face().querySelectorAll('[data-minute]')) old.hidden = true;
};

const show = heard => {
  const fresh = heard?.querySelector('#main[data-wait]');
  // Unpaired at the desk, or a new version of the house: the page itself has changed.
  const other = fresh ? fresh.dataset.look !== face().dataset.look : heard?.querySelector(UNPAIRED);
  if (other) location.reload();
  else if (fresh) face().replaceWith(document.adoptNode(fresh));
  else sayCut();
  return fresh;
};

const renew = async () => {
  if (asking) return;
  asking = true;
  clearTimeout(timer);
  const wait = show(await ask()) ? Number(face().dataset.wait) * 1000 : AGAIN;
  asking = false;
  timer = setTimeout(renew, wait);
};

timer = setTimeout(renew, Number(face().dataset.wait) * 1000);
addEventListener('online', renew);
document.addEventListener('visibilitychange', () => { if (!document.hidden) renew(); });
