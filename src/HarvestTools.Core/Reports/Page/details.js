// All that is known of one slice.

const block = (title, ...content) => el('section', { class: 'block' }, el('h3', null, title), ...content);
const facts = (...pairs) => el('dl', { class: 'facts' }, pairs.filter(Boolean).map(([name, ...content]) => [el('dt', null, name), el('dd', null, ...content)]));
const link = (version) => byVersion.has(version)
  ? el('a', { href: `#${byVersion.get(version).id}` }, said(version)) : el('span', null, said(version), soft(', which is not here'));
const links = (versions) => versions.flatMap((version, i) => [i > 0 && ', ', link(version)]);
const compareHref = (one, other) => `#compare=${encodeURIComponent(one)},${encodeURIComponent(other)}`;

function details(slice) {
  const parent = parentOf(slice);
  return [
    el('a', { class: 'back', href: '#versions' }, '‹ All versions'),
    el('div', { class: 'top' },
      el('h2', null, said(slice.version)),
      slice.drift && el('span', { class: `badge ${slice.drift.status.toLowerCase()}` }, slice.drift.status.toLowerCase()),
      time(slice.created_at),
      parent && el('a', { class: 'button', href: compareHref(parent.version, slice.version) }, 'Compare with ', said(parent.version))),
    slice.reason ? el('p', { class: 'reason' }, said(slice.reason)) : el('p', { class: 'soft' }, 'No reason recorded.'),
    findings(slice),
    facts(
      ['Follows', slice.parents.length ? links(slice.parents) : soft('nothing: a first slice')],
      slice.children.length > 0 && ['Followed by', links(slice.children)],
      slice.trained_at && ['Trained', time(slice.trained_at)],
      ['Slice key', slice.key ? hash(slice.key) : unknown()],
      ['Data set', slice.dataset ? hash(slice.dataset) : unknown()],
      ['Commit', slice.pins?.git_commit ? hash(slice.pins.git_commit) : unknown('not recorded')],
      ['Media', media(slice)],
      slice.eval_set && ['Eval set', said(slice.eval_set.path), ' ', slice.eval_set.sha256 && hash(slice.eval_set.sha256)],
      ['Written', soft(`format ${slice.format_version ?? 1}, derivation ${slice.derivation_version ?? 1}`, slice.written_by && [', by release ', said(slice.written_by)])]),
    rowsBlock(slice, parent),
    modelsBlock(slice),
    rulesBlock(slice, parent),
    exportsBlock(slice, parent),
    pinsBlock(slice),
  ];
}

function media(slice) {
  const list = slice.media;
  if (!list) return unknown('not listed');
  return [plural(list.files, 'file'), ', ', size(list.bytes), list.missing > 0 && el('span', { class: 'down' }, `, ${count(list.missing)} missing`), ' ', hash(list.sha256)];
}

function findings(slice) {
  if (!slice.drift?.findings.length) return null;
  return el('ul', { class: 'findings' }, slice.drift.findings.map((one) =>
    el('li', { class: `finding ${one.severity.toLowerCase()}` }, el('b', null, one.kind), said(one.message), ' ', one.remedy && soft(said(one.remedy)))));
}

// Figures of one kind, the most first; beside them how they changed since the parent.
function figures(caption, head, sums, before, names = (name) => name) {
  const entries = [...sums.entries()].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const most = Math.max(...entries.map(([, n]) => n), 0);
  if (entries.length === 0) return el('p', { class: 'soft' }, 'None.');
  const heads = [{ text: head }, { text: caption, num: true }, { text: '' }];
  if (before) heads.splice(2, 0, { text: 'since parent', num: true });
  return table(`${caption} by ${head}`, heads, entries.map(([name, n]) => {
    const cells = [said(names(name)), count(n), bar(n, most)];
    if (before) cells.splice(2, 0, change(n - (before.get(name) || 0)));
    return cells;
  }), { class: 'bars' });
}

const first = (map, at = 0) => new Map([...map].map(([name, numbers]) => [name, numbers[at]]));

function rowsBlock(slice, parent) {
  const counts = countsOf(slice), old = parent && countsOf(parent);
  const rows = rowsOf(slice);
  const comparable = (kind) => old && (kind === 'tables' ? old.recorded === old.of : old.known === old.of);
  const since = (kind, at) => comparable(kind) ? first(old[kind], at) : null;
  const partly = counts.known > 0 && counts.known < counts.of
    && el('p', { class: 'note' }, `Known for ${count(counts.known)} of ${plural(counts.of, 'export')}: the cache does not have the others.`);
  const counted = (...content) => counts.known === 0 && counts.of > 0
    ? el('p', { class: 'note' }, 'Not known here: the cache does not have the records of this slice. Building the slice writes them.') : [partly, ...content];
  const tab = (name, content) => ({ name, content });
  return block('Rows',
    el('p', null, rows === null ? unknown('No rows recorded.') : [el('b', null, count(rows)), ' in all tables that hold labels']),
    tabs('Rows by', [
      tab('Table', () => counts.recorded === 0 ? unknown('Not recorded.') : figures('rows', 'table', first(counts.tables), since('tables', 0))),
      tab('Label', () => counted(figures('rows', 'label', first(counts.labels, 1), since('labels', 1)))),
      tab('Annotator', () => counted(figures('rows', 'annotator', first(counts.people, 1), since('people', 1), (id) => id === '' ? 'unknown' : `annotator ${id}`))),
      tab('Rejected', () => counted(figures('rejected', 'reason', first(counts.dropped), since('dropped', 0)))),
    ]));
}

// One of several at a time, chosen by click or arrow; on paper all of them.
let groups = 0;
function tabs(label, items) {
  const group = `tabs-${++groups}`;
  const panels = items.map((item, i) => el('div', { role: 'tabpanel', id: `${group}-${i}`, 'aria-labelledby': `${group}-tab-${i}`, class: 'tab' }, el('h4', { class: 'print' }, item.name === 'Rejected' ? item.name : `${label} ${item.name.toLowerCase()}`), item.content()));
  const buttons = items.map((item, i) => el('button', { type: 'button', role: 'tab', id: `${group}-tab-${i}`, 'aria-controls': `${group}-${i}`, onclick: () => choose(i) }, item.name));
  function choose(at) {
    tabs.last = items[at].name;
    buttons.forEach((button, i) => { button.setAttribute('aria-selected', i === at); button.tabIndex = i === at ? 0 : -1; });
    panels.forEach((panel, i) => panel.classList.toggle('on', i === at));
  }
  const list = el('div', { role: 'tablist', 'aria-label': label, onkeydown: (event) => {
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    const next = (to + items.length) % items.length;
    choose(next);
    buttons[next].focus();
  } }, buttons);

  // Who goes from slice to slice goes on looking at the same figures.
  choose(Math.max(0, items.findIndex((item) => item.name === tabs.last)));
  return [list, panels];
}

function rulesBlock(slice, parent) {
  const changes = parent && ruleChanges(parent, slice);
  const rules = rulesOf(slice);
  const overrides = Object.entries(slice.filter_overrides || {});
  return block('Rules',
    el('p', null, el('code', null, said(slice.harvest_version)), ' ', slice.harvest_sha256 ? hash(slice.harvest_sha256) : soft('no hash recorded'),
      overrides.map(([name, one]) => el('span', { class: 'chip' }, said(name), ' ', said(JSON.stringify(one))))),
    parent && (changes === null
      ? el('p', { class: 'note' }, 'What changed since ', link(parent.version), ' is not known here: a definition is missing.')
      : changes.length === 0 ? el('p', { class: 'soft' }, 'The same rules as ', link(parent.version), '.') : ruleTable(changes, parent.version, slice.version)),
    rules && el('details', null, el('summary', null, plural(rules.size, 'rule')),
      facts(...[...rules].map(([name, one]) => [said(name), el('code', null, said(one))]))));
}

const ruleTable = (changes, before, after) => table('Rules that differ', [{ text: 'rule' }, { text: before }, { text: after }],
  changes.map(([name, old, now]) => [said(name), el('code', null, said(old ?? 'not there')), el('code', null, said(now ?? 'not there'))]));

function exportsBlock(slice, parent) {
  const all = exportsOf(slice), parts = partsOf(slice);
  const changes = parent && exportChanges(parent, slice);
  const fresh = new Set(changes ? changes.changes.map((one) => one.after).filter(Boolean) : []);
  const gone = changes ? changes.changes.filter((one) => !one.after).map((one) => one.before) : [];
  const few = 100;
  const rows = all.map((one, at) => ({ one, part: parts[at] })).sort((a, b) => fresh.has(b.one) - fresh.has(a.one));
  const line = ({ one, part }) => [
    [said(one.project), fresh.has(one) && el('span', { class: 'chip new' }, 'new')],
    hash(one.sha256), one.label_sha256 ? hash(one.label_sha256) : unknown('not recorded'),
    part.rows ? count(part.rows.reduce((sum, n, i) => sum + (i % 2 && data.tables[part.rows[i - 1]].labels ? n : 0), 0)) : unknown('–'),
    one.labels_through ? time(one.labels_through) : unknown('–'), one.path ? said(one.path) : unknown('–')];
  const heads = [{ text: 'project' }, { text: 'export' }, { text: 'labels' }, { text: 'rows', num: true }, { text: 'labels through' }, { text: 'from' }];
  const held = el('div', null, table('Exports', heads, rows.slice(0, few).map(line)));
  return block('Exports',
    el('p', null, plural(all.length, 'export'), changes && [soft(' '), change(fresh.size), soft(' new or exported again, '), change(-gone.length), soft(' removed since '), link(parent.version)]),
    held,
    rows.length > few && el('button', { type: 'button', class: 'more', onclick: (event) => { held.replaceChildren(table('Exports', heads, rows.map(line))); event.target.remove(); } }, `Show all ${count(rows.length)}`));
}

function modelsBlock(slice) {
  const models = modelsOf(slice);
  if (models.length === 0) return block('Models', el('p', { class: 'soft' }, 'No model or run is registered on this slice.'));
  return block('Models', models.map((run) => el('article', { class: 'model' },
    el('h4', null, said(run.name), ' ', run.trained_at && soft('trained ', time(run.trained_at))),
    metricsOf(run).length > 0 && el('p', null, metricsOf(run).map(([name, one]) => metric(slice, run, name, one))),
    facts(
      run.artifact && ['Artifact', said(run.artifact), ' ', run.sha256 && hash(run.sha256)],
      run.dataset_sha256 && ['Data set', hash(run.dataset_sha256), run.dataset_sha256 !== slice.dataset && slice.dataset && el('span', { class: 'down' }, ' not the digest of this slice now')],
      run.git_commit && ['Commit', hash(run.git_commit), run.git_dirty && el('span', { class: 'badge unverifiable' }, 'with uncommitted changes')],
      run.seeds !== undefined && ['Seeds', value(run.seeds)],
      run.hardware !== undefined && ['Hardware', value(run.hardware)],
      run.dependencies?.length > 0 && ['Dependencies', files(run.dependencies)],
      run.started_at && ['Began', time(run.started_at)],
      run.tracking !== undefined && ['Tracking', tracking(run.tracking)],
      run.pins !== undefined && ['Pins', value(run.pins)]),
    run.parameters && Object.keys(run.parameters).length > 0 && el('details', null, el('summary', null, plural(Object.keys(run.parameters).length, 'parameter')), value(run.parameters)))));
}

function metric(slice, run, name, one) {
  const before = metricBefore(slice, run.name, name);
  return el('span', { class: 'chip' }, said(name), ' ', number(one), before && before.value !== one
    && [' ', el('span', { class: 'soft', title: `${number(before.value)} on ${before.slice.version}` }, `(${signed(one - before.value, number)})`)]);
}

const files = (list) => el('ul', { class: 'plain' }, list.map((file) => el('li', null, said(file.path), ' ', file.sha256 && hash(file.sha256))));

// An address that is none of the web stays text: nobody is to run a script by a click.
function tracking(node) {
  if (typeof node === 'string') {
    return /^https?:\/\//i.test(node) ? el('a', { href: node, rel: 'noopener noreferrer', target: '_blank' }, said(node)) : said(node);
  }
  return node !== null && typeof node === 'object' && !Array.isArray(node)
    ? facts(...Object.entries(node).map(([name, inner]) => [said(name), tracking(inner)])) : value(node);
}

function pinsBlock(slice) {
  const pins = Object.entries(slice.pins || {}).filter(([name]) => name !== 'git_commit');
  return block('Pins', pins.length === 0 ? el('p', { class: 'soft' }, 'None recorded besides the commit above.')
    : facts(...pins.map(([name, node]) => [said(name.replace(/_/g, ' ')), Array.isArray(node) && node.every((one) => one?.path) ? files(node) : value(node)])));
}
