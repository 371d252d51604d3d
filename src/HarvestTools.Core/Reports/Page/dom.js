// Elements are made here and nowhere else: text goes in as text, never as markup.

const SVG = 'http://www.w3.org/2000/svg';

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

// What people wrote may run from right to left, and is kept from turning what is beside it.
const said = (text, attributes) => el('bdi', attributes, text);
const soft = (...children) => el('span', { class: 'soft' }, ...children);
const unknown = (text) => soft(text || 'not known here');
const byId = (id) => document.getElementById(id);

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const real = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 6 });
const count = (number) => whole.format(number);
const number = (value) => typeof value !== 'number' ? String(value)
  : value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e9) ? value.toExponential(3) : real.format(value);
const plural = (n, one, many) => `${count(n)} ${n === 1 ? one : many || one + 's'}`;
const signed = (value, format = count) => value === 0 ? '±0' : (value < 0 ? '\u2212' : '+') + format(Math.abs(value));
const change = (value, format) => el('span', { class: value > 0 ? 'up' : value < 0 ? 'down' : 'soft' }, signed(value, format));

function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 999950) return `${(bytes / 1e3).toFixed(1)} KB`;
  if (bytes < 999950000) return `${(bytes / 1e6).toFixed(1)} MB`;
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

const minute = (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text || '') ? text.slice(0, 16).replace('T', ' ') : text;
const time = (text) => text ? el('time', { datetime: text }, minute(text)) : unknown('not recorded');

// Twelve digits are what people compare; the whole of it is in the title and is what is copied.
function hash(text) {
  if (!text) return unknown('not recorded');
  const short = text.length > 12 ? text.slice(0, 12) : text;
  const button = el('button', { type: 'button', class: 'hash', title: `${text} (copy)`, 'aria-label': `${short}, copy the whole hash` }, short);
  button.addEventListener('click', () => copy(text, button));
  return el('span', { class: 'hashes' }, button, el('span', { class: 'print' }, text));
}

async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    announce('Copied.');
    button.classList.add('copied');
    setTimeout(() => button.classList.remove('copied'), 1200);
  } catch {
    // A page of a file may not write to the clipboard everywhere; then the text is marked, to be copied by hand.
    button.textContent = text;
    getSelection().selectAllChildren(button);
  }
}

const announce = (text) => { byId('said').textContent = text; };

function table(caption, heads, rows, attributes) {
  return el('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': caption },
    el('table', attributes,
      el('thead', null, el('tr', null, heads.map((head) => el('th', { scope: 'col', class: head.num && 'num' }, head.text)))),
      el('tbody', null, rows.map((cells) => el('tr', null, cells.map((cell, i) =>
        el(i === 0 ? 'th' : 'td', { scope: i === 0 && 'row', class: heads[i].num && 'num' }, cell)))))));
}

// How much of the largest a figure is. Widths set one by one are no inline style to the page's policy.
function bar(value, most) {
  const inner = el('i');
  inner.style.width = most > 0 ? `${Math.max(0, 100 * value / most)}%` : '0';
  return el('span', { class: 'bar', 'aria-hidden': 'true' }, inner);
}

// A value as slice.json has it: a text, a number, a list or an object of them.
function value(node) {
  if (node === null || node === undefined) return unknown('none');
  if (Array.isArray(node)) return node.length === 0 ? unknown('none') : node.every((one) => typeof one !== 'object' || one === null)
    ? said(node.map(String).join(', ')) : el('ul', { class: 'plain' }, node.map((one) => el('li', null, value(one))));
  if (typeof node === 'object') {
    return el('dl', { class: 'facts small' }, Object.entries(node).flatMap(([name, inner]) => [el('dt', null, said(name)), el('dd', null, value(inner))]));
  }
  return typeof node === 'string' && /^[0-9a-f]{40,64}$/.test(node) ? hash(node) : said(typeof node === 'number' ? number(node) : String(node));
}
