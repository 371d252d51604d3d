// The list beside the graph: choosing, marking, searching, and all of it by keys.

const list = byId('list');
const items = data.slices.map((slice) => {
  const item = byId(slice.id);
  const entry = { slice, item, row: item.querySelector('a.row'), mark: null };
  entry.mark = el('button', { type: 'button', class: 'mark', 'aria-pressed': 'false', tabindex: '-1', 'aria-label': `Mark ${slice.version} for comparison`, title: 'Mark for comparison (c)', onclick: () => toggleMark(entry) });
  item.append(entry.mark);

  // By the link alone the browser would scroll the row to the top, away from under the pointer.
  entry.row.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, '', entry.row.hash);
    route();
  });
  entry.row.tabIndex = -1;
  return entry;
});
const entryOf = new Map(items.map((entry) => [entry.slice, entry]));

let current = null;
let marked = [];

// One row is in the order of Tab; arrows go on from there.
function setCurrent(entry) {
  if (current) { current.row.tabIndex = -1; current.mark.tabIndex = -1; current.row.removeAttribute('aria-current'); current.item.classList.remove('on'); }
  current = entry;
  if (!entry) return;
  entry.row.tabIndex = 0;
  entry.mark.tabIndex = 0;
  entry.row.setAttribute('aria-current', 'true');
  entry.item.classList.add('on');
}

function toggleMark(entry) {
  marked = marked.includes(entry) ? marked.filter((one) => one !== entry) : [...marked, entry].slice(-2);
  for (const one of items) {
    const on = marked.includes(one);
    if ((one.mark.getAttribute('aria-pressed') === 'true') !== on) one.mark.setAttribute('aria-pressed', on);
  }
  if (marked.length < 2) {
    announce(marked.length === 1 ? `${marked[0].slice.version} is marked; mark another one to compare.` : 'Nothing is marked.');
    return;
  }

  // The older one is what the other is compared with.
  const [newer, older] = [...marked].sort((a, b) => a.slice.place - b.slice.place).map((one) => one.slice.version);
  marked.forEach((one) => one.mark.setAttribute('aria-pressed', 'false'));
  marked = [];
  location.hash = compareHref(older, newer);
}

const find = byId('find');
let shown = items;
function applySearch() {
  const text = find.value.trim();
  const found = text ? new Set(search(text)) : null;
  shown = found ? items.filter((entry) => found.has(entry.slice)) : items;
  list.classList.toggle('filtered', !!found);
  for (const entry of items) {
    const hide = !!found && !found.has(entry.slice);
    if (entry.item.hidden !== hide) entry.item.hidden = hide;
  }
  byId('found').textContent = found ? `${count(found.size)} of ${plural(items.length, 'version')}` : '';

  // What is out of sight cannot be in the order of Tab.
  if (current && current.item.hidden) current.row.tabIndex = -1;
  if (shown.length > 0 && (!current || current.item.hidden)) shown[0].row.tabIndex = 0;
}

function move(by) {
  if (shown.length === 0) return;
  const at = shown.indexOf(current);
  const to = Math.max(0, Math.min(shown.length - 1, at < 0 ? 0 : at + by));
  go(shown[to]);
}

function go(entry) {
  entry.row.focus({ preventScroll: true });
  entry.item.scrollIntoView({ block: 'nearest' });

  // Each step replaces the last one: who walks through a hundred slices comes back by one step.
  history.replaceState(null, '', `#${entry.slice.id}`);
  setCurrent(entry);
  showDetails(entry.slice);
}

const SHORTCUTS = [['/', 'search'], ['↑ ↓ or k j', 'the slice above, below'], ['Home End', 'the first, the last'], ['Enter', 'to the details'], ['Esc', 'clear the search, back to the list'],
  ['c', 'mark for comparison; the second one compares'], ['p', 'to the parent'], ['1 2 3', 'versions, compare, charts'], ['t', 'theme'], ['?', 'these keys']];

function onListKey(event) {
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10, Home: -items.length, End: items.length }[event.key];
  if (step !== undefined) { move(step); return true; }
  if (event.key === 'c' && current) { toggleMark(current); return true; }
  const parent = current && parentOf(current.slice);
  if (event.key === 'p' && parent) { go(entryOf.get(parent)); return true; }
  return false;
}
