// A block that reads otherwise than before says so once, politely: its own words (data-says), in its own status line.
for (const heard of document.querySelectorAll('[data-heard]')) {
  const block = heard.parentElement;
  const read = () => [...block.childNodes].map(node => (node === heard ? '' : node.textContent)).join('');
  let known = read();
  new MutationObserver(() => {
    const text = read(), { says } = block.dataset;
    if (says && text !== known) heard.textContent = says;
    known = text;
  }).observe(block, { childList: true, characterData: true, subtree: true });
}
