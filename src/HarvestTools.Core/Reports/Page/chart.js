// Charts as plain SVG: a library would be larger than all of the page, for three kinds of marks.

// On a narrow screen a drawing of half the width keeps its letters as large as those beside it.
const WIDTH = matchMedia('(max-width: 34rem)').matches ? 360 : 720;
const HEIGHT = 280, LEFT = 58, RIGHT = 16, TOP = 14, BOTTOM = 46, COLORS = 6;

// Round steps, at most so many, that the values lie between.
function ticks(least, most, about = 5) {
  if (least === most) { const by = Math.abs(least) * 0.05 || 1; least -= by; most += by; }
  const raw = (most - least) / about, power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((by) => by * power).find((by) => by >= raw) || 10 * power;
  const found = [];
  for (let i = Math.floor(least / step); i <= Math.ceil(most / step - 1e-9); i++) found.push(Number((i * step).toPrecision(12)));
  return found;
}

function frame(title, marks, labels, marked) {
  const low = marks[0], high = marks[marks.length - 1];
  const x = (at) => LEFT + (labels.length < 2 ? (WIDTH - LEFT - RIGHT) / 2 : at * (WIDTH - LEFT - RIGHT - marked) / (labels.length - 1) + marked / 2);
  const y = (one) => TOP + (high - one) * (HEIGHT - TOP - BOTTOM) / (high - low || 1);

  // So many names fit below: long ones are cut, and each has its whole name in the title of its mark.
  const every = Math.max(1, Math.ceil(labels.length / (WIDTH / 90)));
  const room = Math.max(5, Math.floor(every * (WIDTH - LEFT - RIGHT) / Math.max(1, labels.length) / 7.5));
  const picture = svg('svg', { class: 'chart', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'group', 'aria-label': title },
    marks.map((one) => [
      svg('path', { class: 'grid', d: `M${LEFT} ${y(one)}H${WIDTH - RIGHT}` }),
      svg('text', { class: 'tick', x: LEFT - 8, y: y(one) + 4, 'text-anchor': 'end' }, number(one)),
    ]),
    labels.map((label, at) => at % every === 0 && svg('text', { class: 'tick', x: x(at), y: HEIGHT - BOTTOM + 20, 'text-anchor': 'middle' }, cut(label, room))));
  return { picture, x, y, low };
}

// By characters as people see them: half of an emoji would be none. Names in a row differ at their end, which stays.
function cut(text, most) {
  const letters = [...text];
  const end = Math.ceil((most - 1) / 2);
  return letters.length <= most ? text : `${letters.slice(0, most - 1 - end).join('')}…${letters.slice(-end).join('')}`;
}

// series: [{ name, points: [{ at, value, text, href }] }]; labels: the names along the bottom.
function lineChart(title, labels, series) {
  const all = series.flatMap((one) => one.points.map((point) => point.value));
  const { picture, x, y } = frame(title, ticks(Math.min(...all), Math.max(...all)), labels, 0);
  series.forEach((one, i) => {
    const points = [...one.points].sort((a, b) => a.at - b.at);
    picture.append(svg('path', { class: `line c${i % COLORS}`, d: points.map((point, at) => `${at ? 'L' : 'M'}${x(point.at).toFixed(1)} ${y(point.value).toFixed(1)}`).join('') }));
    for (const point of points) {
      picture.append(svg('a', { href: point.href, 'aria-label': point.text },
        svg('title', null, point.text), svg('circle', { class: `dot c${i % COLORS}${labels.length > 60 ? ' many' : ''}`, cx: x(point.at).toFixed(1), cy: y(point.value).toFixed(1), r: labels.length > 60 ? 2.5 : 5 })));
    }
  });
  return picture;
}

// bars: [{ name, text, parts: [numbers] }], the parts of a bar one above the other.
function barChart(title, bars) {
  const sums = bars.map((one) => one.parts.reduce((sum, part) => sum + part, 0));
  const marked = (WIDTH - LEFT - RIGHT) / bars.length;
  const { picture, x, y } = frame(title, ticks(0, Math.max(...sums, 0) || 1), bars.map((one) => one.name), marked);
  const wide = Math.min(56, marked * 0.6);
  bars.forEach((one, at) => {
    let below = 0;
    const group = svg('g', { role: 'img', tabindex: '0', 'aria-label': one.text }, svg('title', null, one.text));
    one.parts.forEach((part, i) => {
      group.append(svg('rect', { class: `fill c${i}`, x: (x(at) - wide / 2).toFixed(1), width: wide.toFixed(1), y: y(below + part).toFixed(1), height: Math.max(0, y(below) - y(below + part)).toFixed(1) }));
      below += part;
    });
    picture.append(group);
  });
  return picture;
}

const legend = (names) => el('ul', { class: 'legend' }, names.map((name, i) =>
  el('li', null, svg('svg', { width: 12, height: 12, 'aria-hidden': 'true' }, svg('rect', { class: `fill c${i % COLORS}`, width: 12, height: 12, rx: 3 })), said(name))));
