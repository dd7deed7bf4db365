// The clock of a rehearsal, and one's own voice: recorded, heard and thrown away in this page. Nothing of it is sent.
const MOST = 180_000, SILENT = 5_000, PIECE = 200;

const count = row => {
  const shown = row.querySelector('[data-timer-shown]'), since = Date.now();
  row.hidden = false;
  setInterval(() => {
    const seconds = Math.floor((Date.now() - since) / 1000);
    shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  }, 1000);
};

const recorder = card => {
  const find = name => card.querySelector(`[data-${name}]`);
  const [record, stop, thrown, heard, saying, refused] = ['record', 'stop', 'throw', 'heard', 'recording', 'refused'].map(find);
  let tape = null, timer = 0, asked = 0;

  const show = state => {
    record.hidden = state !== 'idle';
    record.disabled = false;
    stop.hidden = saying.hidden = state !== 'recording';
    thrown.hidden = heard.hidden = state !== 'heard';
  };
  const discard = () => {
    if (heard.src) URL.revokeObjectURL(heard.src);
    heard.removeAttribute('src');
    show('idle');
  };
  const close = stream => { for (const track of stream.getTracks()) track.stop(); };
  const endIn = time => {
    clearTimeout(timer);
    timer = setTimeout(() => tape.stop(), time);
  };
  const hush = () => {
    if (tape) close(tape.stream);
    clearTimeout(timer);
  };
  const keep = parts => {
    hush();
    if (!parts.length) {
      refused.hidden = false;
      return show('idle');
    }
    heard.src = URL.createObjectURL(new Blob(parts, { type: tape.mimeType }));
    show('heard');
    thrown.focus();
  };
  record.addEventListener('click', async () => {
    refused.hidden = true;
    const mine = ++asked;
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      // Asked once more meanwhile, or gone: that question was put aside.
      if (mine !== asked) return close(stream);
      record.disabled = true;
      const parts = [], own = tape = new MediaRecorder(stream);
      own.addEventListener('dataavailable', event => {
        if (!event.data.size || tape !== own) return;
        // Not before the first of it is there: who stops at once would hear nothing, and be told why by nobody.
        if (parts.push(event.data) > 1) return;
        endIn(MOST);
        show('recording');
        stop.focus();
      });
      own.addEventListener('stop', () => { if (tape === own) keep(parts); });
      own.start(PIECE);
      endIn(SILENT);
    } catch {
      if (stream) close(stream);
      if (mine !== asked) return;
      refused.hidden = record.disabled = false;
    }
  });
  stop.addEventListener('click', () => tape.stop());
  thrown.addEventListener('click', () => { discard(); record.focus(); });
  // Who leaves while it records leaves nothing, and no open microphone, also where the browser keeps the page.
  addEventListener('pagehide', () => {
    asked += 1;
    hush();
    tape = null;
    discard();
  });
  card.hidden = false;
};

for (const row of document.querySelectorAll('[data-timer]')) count(row);
if (window.MediaRecorder && navigator.mediaDevices?.getUserMedia) document.querySelectorAll('[data-recorder]').forEach(recorder);
