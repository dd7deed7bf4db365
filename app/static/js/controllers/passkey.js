// Passkeys: forms with [data-passkey] ("get" or "create") that the browser's own dialog fills. They stay hidden where it
// cannot: the server draws them at an address with a name only.
const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), sign => sign.charCodeAt(0));
const signs = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer)))
  .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

const asked = { get: options => {
  options.challenge = bytes(options.challenge);
  return navigator.credentials.get({ publicKey: options });
}, create: options => {
  options.challenge = bytes(options.challenge);
  options.user.id = bytes(options.user.id);
  for (const each of options.excludeCredentials || []) each.id = bytes(each.id);
  return navigator.credentials.create({ publicKey: options });
} };

// Not toJSON: browsers of two years ago have none.
const told = made => {
  const response = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (made.response[name]) response[name] = signs(made.response[name]);
  }
  const { id, type, authenticatorAttachment } = made;
  return JSON.stringify({ id, rawId: signs(made.rawId), type, authenticatorAttachment, response,
    clientExtensionResults: {} });
};

const watch = form => {
  const failed = form.querySelector('[data-failed]');
  form.hidden = false;
  form.closest('[data-passkey-frame]')?.removeAttribute('hidden');
  form.addEventListener('submit', async event => {
    event.preventDefault();
    failed.hidden = true;
    try {
      const answer = await fetch(form.dataset.begin, { method: 'POST', body: new URLSearchParams(new FormData(form)) });
      // Somebody has to come in again, or to prove who they are: the server has led there.
      if (answer.redirected) return location.assign(answer.url);
      if (!answer.ok) throw new Error(answer.status);
      form.elements.credential.value = told(await asked[form.dataset.passkey](await answer.json()));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
};

if (window.PublicKeyCredential) document.querySelectorAll('form[data-passkey]').forEach(watch);
