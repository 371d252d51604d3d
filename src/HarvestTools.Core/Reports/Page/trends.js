// Corrections by model version, and a metric over the slices; the gates are in the page without a script.

function trends() {
  return [el('h2', null, 'Charts'), metricBlock(), correctionsBlock()];
}

// The oldest first, as people read a line. Slices without the metric have no place of their own.
function metricBlock() {
  const known = new Map();
  for (const slice of [...data.slices].reverse()) {
    for (const run of modelsOf(slice)) {
      for (const [name, figure] of metricsOf(run)) {
        if (!known.has(name)) known.set(name, []);
        known.get(name).push({ slice, run, figure });
      }
    }
  }
  if (known.size === 0) return block('Metric across versions', el('p', { class: 'note' }, 'No model with a metric is registered yet.'));
  const names = [...known.keys()].sort((a, b) => known.get(b).length - known.get(a).length || (a < b ? -1 : 1));
  const models = (metric) => [...new Set(known.get(metric).map((one) => one.run.name))];
  const shown = el('div');
  const metric = el('select', { onchange: () => { choose(); draw(); } }, names.map((name) => el('option', { value: name }, name)));
  const model = el('select', { onchange: () => draw() });
  function choose() {
    model.replaceChildren(el('option', { value: '' }, 'all models'), ...models(metric.value).map((name) => el('option', { value: `=${name}` }, name)));
  }
  function draw() {
    const figures = known.get(metric.value).filter((one) => model.value === '' || `=${one.run.name}` === model.value);
    const slices = [...new Set(figures.map((one) => one.slice))];
    const places = new Map(slices.map((slice, at) => [slice, at]));
    const most = 6;
    const series = [...new Set(figures.map((one) => one.run.name))].map((name) => ({
      name,
      points: figures.filter((one) => one.run.name === name).map((one) => ({
        at: places.get(one.slice), value: one.figure, text: `${name} on ${one.slice.version}: ${number(one.figure)}`, href: `#${one.slice.id}`,
      })),
    }));
    shown.replaceChildren(
      lineChart(`${metric.value} across versions`, slices.map((slice) => slice.version), series.slice(0, most)), legend(series.slice(0, most).map((one) => one.name)),
      ...(series.length > most ? [el('p', { class: 'note' }, `${count(most)} of ${plural(series.length, 'model')} are drawn: choose one to see another. All are in the table.`)] : []),
      el('details', null, el('summary', null, 'Figures as a table'), table('Metric', [{ text: 'slice' }, { text: 'model' }, { text: metric.value, num: true }, { text: 'rows', num: true }],
        figures.map((one) => [link(one.slice.version), said(one.run.name), number(one.figure), rowsOf(one.slice) === null ? unknown('–') : count(rowsOf(one.slice))]))));
  }
  choose();
  draw();
  return block('Metric across versions', el('div', { class: 'pickers' }, el('label', null, 'Metric', metric), el('label', null, 'Model', model)), shown);
}

function correctionsBlock() {
  const all = data.corrections || [];
  if (all.length === 0) {
    return block('Corrections an episode, by model version', el('p', { class: 'note' }, 'No pre-annotating model version is known here.'));
  }
  const kinds = ['drawn', 'corrected', 'deleted'];
  const rate = (one, kind) => one.episodes > 0 ? one[kind] / one.episodes : 0;

  // Versions of several models can have one name.
  const name = (one) => [one.model, one.model_version || 'unknown'].filter(Boolean).join(' ');
  const bars = all.map((one) => ({
    name: name(one),
    text: `${name(one)}: ${one.per_episode === undefined ? 'no episodes' : number(one.per_episode)} corrections an episode over ${plural(one.episodes, 'episode')}`,
    parts: kinds.map((kind) => rate(one, kind)),
  }));
  return block('Corrections an episode, by model version', barChart('Corrections an episode, by model version', bars), legend(kinds),
    el('details', null, el('summary', null, 'Figures as a table'), table('Corrections', [{ text: 'model version' }, { text: 'model' }, { text: 'episodes', num: true }, ...kinds.map((kind) => ({ text: kind, num: true })), { text: 'an episode', num: true }],
      all.map((one) => [said(one.model_version || 'unknown'), said(one.model || '–'), count(one.episodes), ...kinds.map((kind) => count(one[kind])), one.per_episode === undefined ? soft('–') : number(one.per_episode)]))));
}
