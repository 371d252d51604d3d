// Two slices side by side.

function compareView(chosen) {
  const pick = (label, at) => {
    const select = el('select', { 'aria-label': label, onchange: () => { location.hash = compareHref(...[0, 1].map((i) => i === at ? select.value : chosen[i] || '')); } },
      el('option', { value: '' }, 'choose a slice'),
      data.slices.map((slice) => el('option', { value: slice.version, selected: slice.version === chosen[at] }, slice.version)));
    return el('label', null, label, select);
  };
  const [one, other] = chosen.map((version) => byVersion.get(version));
  return [
    el('h2', null, 'Compare two slices'),
    el('div', { class: 'pickers' }, pick('From', 0),
      el('button', { type: 'button', class: 'swap', 'aria-label': 'Swap the two', title: 'Swap the two', onclick: () => { location.hash = compareHref(chosen[1] || '', chosen[0] || ''); } }, '⇄'), pick('To', 1)),
    data.slices.length < 2 ? el('p', { class: 'note' }, 'There is one slice, and nothing to compare it with.')
      : !one || !other ? el('p', { class: 'note' }, 'Choose two slices, or mark two in the list with c.')
        : one === other ? el('p', { class: 'note' }, 'Both are the same slice.') : [summary(one, other), compareExports(one, other), compareRules(one, other), compareRows(one, other), compareMetrics(one, other)],
  ];
}

function summary(one, other) {
  const [before, after] = [rowsOf(one), rowsOf(other)];
  return el('div', { class: 'pair' }, [one, other].map((slice) => el('div', { class: 'card' },
    el('h3', null, link(slice.version)), el('p', { class: 'soft' }, time(slice.created_at)), slice.reason && el('p', null, said(slice.reason)),
    el('p', null, rowsOf(slice) === null ? unknown('no rows recorded') : plural(rowsOf(slice), 'row'), slice === other && before !== null && after !== null && [' ', change(after - before)]))));
}

function compareExports(one, other) {
  const { changes, same } = exportChanges(one, other);
  const line = ({ before, after }) => {
    const word = !before ? 'added' : !after ? 'removed'
      : before.label_sha256 && before.label_sha256 === after.label_sha256 ? 'exported again, same labels' : 'exported again';
    return [said((after || before).project), el('span', { class: `chip ${word.split(' ')[0]}` }, word),
      before ? hash(before.sha256) : soft('–'), after ? hash(after.sha256) : soft('–'), said((after || before).path || '')];
  };
  return block('Exports', el('p', { class: 'soft' }, `${plural(same, 'export')} in both, ${count(changes.length)} differ.`),
    changes.length > 0 && table('Exports that differ', [{ text: 'project' }, { text: '' }, { text: one.version }, { text: other.version }, { text: 'from' }], changes.map(line)));
}

function compareRules(one, other) {
  const changes = ruleChanges(one, other);
  return block('Rules', changes === null ? el('p', { class: 'note' }, 'Not known here: a definition is missing.')
    : changes.length === 0 ? el('p', { class: 'soft' }, 'The same rules', one.harvest_version !== other.harvest_version && [', under ', said(one.harvest_version), ' and ', said(other.harvest_version)], '.')
      : ruleTable(changes, one.version, other.version));
}

// Figures of both, what differs most first.
function both(head, one, other, before, after, names = (name) => name) {
  const all = [...new Set([...before.keys(), ...after.keys()])].map((name) => [name, before.get(name) || 0, after.get(name) || 0]);
  if (all.length === 0) return el('p', { class: 'soft' }, 'None in either.');
  all.sort((a, b) => Math.abs(b[2] - b[1]) - Math.abs(a[2] - a[1]) || b[2] - a[2] || (a[0] < b[0] ? -1 : 1));
  const most = Math.max(...all.map(([, a, b]) => Math.max(a, b)));
  return table(`Rows by ${head}`, [{ text: head }, { text: one.version, num: true }, { text: other.version, num: true }, { text: 'difference', num: true }, { text: '' }],
    all.map(([name, a, b]) => [said(names(name)), count(a), count(b), change(b - a), el('span', { class: 'two' }, bar(a, most), bar(b, most))]), { class: 'bars' });
}

function compareRows(one, other) {
  const [before, after] = [countsOf(one), countsOf(other)];
  const counted = (make) => before.known < before.of || after.known < after.of
    ? el('p', { class: 'note' }, 'Not known here: the cache does not have the records of both slices in full.') : make();
  return block('Rows', tabs('Rows by', [
    { name: 'Table', content: () => before.recorded && after.recorded ? both('table', one, other, first(before.tables), first(after.tables)) : unknown('Not recorded.') },
    { name: 'Label', content: () => counted(() => both('label', one, other, first(before.labels, 1), first(after.labels, 1))) },
    { name: 'Annotator', content: () => counted(() => both('annotator', one, other, first(before.people, 1), first(after.people, 1), (id) => id === '' ? 'unknown' : `annotator ${id}`)) },
    { name: 'Rejected', content: () => counted(() => both('reason', one, other, first(before.dropped), first(after.dropped))) },
  ]));
}

function compareMetrics(one, other) {
  const figuresOf = (slice) => new Map(modelsOf(slice).flatMap((run) => metricsOf(run).map(([name, figure]) => [JSON.stringify([run.name, name]), figure])));
  const [before, after] = [figuresOf(one), figuresOf(other)];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  const cell = (figure) => figure === undefined ? soft('–') : number(figure);
  return block('Metrics', names.length === 0 ? el('p', { class: 'soft' }, 'Neither slice has a model with a metric.')
    : table('Metrics', [{ text: 'model' }, { text: 'metric' }, { text: one.version, num: true }, { text: other.version, num: true }, { text: 'difference', num: true }], names.map((name) => {
      const [model, of] = JSON.parse(name), a = before.get(name), b = after.get(name);
      return [said(model), said(of), cell(a), cell(b), a === undefined || b === undefined ? soft('–') : soft(signed(b - a, number))];
    })));
}
