// What the others will see, while a name is typed.
const mirror = field => {
  const names = document.querySelectorAll('[data-name]'), initials = document.querySelectorAll('[data-initial]');
  const show = () => {
    const name = field.value.trim() || field.dataset.mirror;
    for (const each of names) each.textContent = name;
    for (const each of initials) each.textContent = [...name][0].toLocaleUpperCase();
  };
  field.addEventListener('input', show);
  show();
};

for (const field of document.querySelectorAll('[data-mirror]')) mirror(field);
