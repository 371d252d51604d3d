// Which view is shown, by the address; theme; keys that hold everywhere.

const root = document.documentElement;
const panel = byId('panel');
const views = ['versions', 'compare', 'charts'];
const built = new Set();
let shownSlice = null;

document.body.append(el('p', { id: 'said', class: 'away', role: 'status', 'aria-live': 'polite' }));
root.classList.add('scripted');

function showDetails(slice) {
  if (shownSlice === slice) return;
  shownSlice = slice;
  panel.replaceChildren(...[details(slice)].flat(Infinity).filter(Boolean));
  panel.scrollTop = 0;
}

function showView(name) {
  for (const view of views) byId(view).classList.toggle('on', view === name);
  for (const a of document.querySelectorAll('nav a')) {
    if (a.hash === `#${name}`) a.setAttribute('aria-current', 'page');
    else a.removeAttribute('aria-current');
  }
  if (name === 'charts') buildCharts();
}

function buildCharts() {
  if (built.has('charts')) return;
  built.add('charts');
  byId('trends').replaceChildren(...trends());
}

function route() {
  const address = location.hash.slice(1);
  const slice = byRow.get(address);
  root.classList.toggle('chosen', !!slice);

  // The browser has scrolled to what the address names, past the views' own names.
  scrollTo(0, 0);
  if (address.startsWith('compare')) {
    const chosen = (address.split('=')[1] || '').split(',').map((part) => { try { return decodeURIComponent(part); } catch { return ''; } });
    const pair = [chosen[0] || '', chosen[1] || ''];
    if (!address.includes('=') && data.slices.length > 1) {
      const newest = current?.slice || data.slices[0], parent = parentOf(newest);
      if (parent) pair.splice(0, 2, parent.version, newest.version);
    }
    byId('compare').replaceChildren(...compareView(pair).flat(Infinity).filter(Boolean));
    showView('compare');
  } else if (address === 'charts' || address === 'gates') {
    showView('charts');
  } else {
    showView('versions');
    const chosen = slice || current?.slice || data.slices[0];
    if (!chosen) return;
    setCurrent(entryOf.get(chosen));
    showDetails(chosen);
    entryOf.get(chosen).item.scrollIntoView({ block: 'nearest' });
  }
}

const THEMES = ['auto', 'light', 'dark'];
function setTheme(theme) {
  if (theme === 'auto') root.removeAttribute('data-theme');
  else root.setAttribute('data-theme', theme);
  byId('theme').textContent = { auto: 'Theme: as system', light: 'Theme: light', dark: 'Theme: dark' }[theme];
  byId('theme').dataset.now = theme;

  // A page of a file may be refused a store of its own.
  try { localStorage.setItem('harvest-theme', theme); } catch { /* Then it is asked again next time. */ }
}

const nextTheme = () => setTheme(THEMES[(THEMES.indexOf(byId('theme').dataset.now) + 1) % THEMES.length]);

const help = el('dialog', { id: 'help', 'aria-label': 'Keyboard shortcuts' }, el('h2', null, 'Keyboard'),
  el('dl', { class: 'facts' }, SHORTCUTS.map(([key, what]) => [el('dt', null, el('kbd', null, key)), el('dd', null, what)])),
  el('form', { method: 'dialog' }, el('button', null, 'Close')));
document.body.append(help);

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const inField = event.target.matches('input, select, textarea');
  if (event.key === 'Escape') {
    if (find.value) { find.value = ''; applySearch(); } else if (root.classList.contains('chosen')) location.hash = '#versions';
    current?.row.focus();
    return;
  }
  if (event.target === find) {
    if ((event.key === 'ArrowDown' || event.key === 'Enter') && shown.length > 0) { event.preventDefault(); go(shown.includes(current) ? current : shown[0]); }
    return;
  }
  if (inField) return;
  const view = views[Number(event.key) - 1];
  let done = true;
  if (event.key === '/') { showView('versions'); root.classList.remove('chosen'); find.focus(); find.select(); }
  else if (event.key === '?') help.showModal();
  else if (event.key === 't') nextTheme();
  else if (view) location.hash = `#${view}`;
  else if (event.key === 'Enter' && event.target === current?.row) { location.hash = `#${current.slice.id}`; panel.focus({ preventScroll: true }); }
  else done = byId('versions').classList.contains('on') && !panel.contains(event.target) && onListKey(event);
  if (done) event.preventDefault();
});

find.addEventListener('input', applySearch);
find.form.addEventListener('submit', (event) => event.preventDefault());
byId('keys').addEventListener('click', () => help.showModal());
byId('theme').addEventListener('click', nextTheme);
window.addEventListener('hashchange', route);
window.addEventListener('beforeprint', buildCharts);

let theme = 'auto';
try { theme = THEMES.find((one) => one === localStorage.getItem('harvest-theme')) || 'auto'; } catch { /* As the system says. */ }
setTheme(theme);
route();
root.classList.add('ready');
