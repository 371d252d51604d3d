// The page's data, and what is counted from it. Nothing is computed before it is looked at: with 500 slices of hundreds of
// exports that would be what a reader waits for.

const data = JSON.parse(byId('data').textContent);
const byVersion = new Map(data.slices.map((slice) => [slice.version, slice]));
const byRow = new Map(data.slices.map((slice) => [slice.id, slice]));
data.slices.forEach((slice, place) => { slice.place = place; slice.children = []; });
for (const slice of data.slices) for (const parent of slice.parents) byVersion.get(parent)?.children.push(slice.version);

const parentOf = (slice) => slice.parents.map((version) => byVersion.get(version)).find(Boolean) || null;

function once(make) {
  const made = new Map();
  return (slice) => {
    if (!made.has(slice)) made.set(slice, make(slice));
    return made.get(slice);
  };
}

// Pairs: the first part, and how many follow one another.
const partsOf = once((slice) => {
  const parts = [];
  for (let i = 0; i < slice.parts.length; i += 2) {
    for (let at = slice.parts[i]; at < slice.parts[i] + slice.parts[i + 1]; at++) parts.push(data.parts[at]);
  }
  return parts;
});

const exportsOf = once((slice) => partsOf(slice).map((part) => data.exports[part.export]));

function addTo(sums, name, by) {
  const sum = sums.get(name) || by.map(() => 0);
  by.forEach((more, i) => { sum[i] += more; });
  sums.set(name, sum);
}

// What the slice holds: rows by table as recorded, and what its derivations counted, for as many parts as that is known of.
const countsOf = once((slice) => {
  const counts = { tables: new Map(), labels: new Map(), people: new Map(), dropped: new Map(), known: 0, recorded: 0, of: 0 };
  for (const part of partsOf(slice)) {
    counts.of++;
    if (part.rows) {
      counts.recorded++;
      for (let i = 0; i < part.rows.length; i += 2) addTo(counts.tables, data.tables[part.rows[i]].name, [part.rows[i + 1]]);
    }
    if (!part.labels) continue;
    counts.known++;
    for (const kind of ['labels', 'people']) {
      for (let i = 0; i < part[kind].length; i += 4) addTo(counts[kind], data.names[part[kind][i]], part[kind].slice(i + 1, i + 4));
    }
    for (let i = 0; i < part.dropped.length; i += 2) addTo(counts.dropped, data.names[part.dropped[i]], [part.dropped[i + 1]]);
  }
  // Of a team's own program the tables are of all exports together.
  if (slice.rows) {
    counts.recorded = counts.of;
    for (let i = 0; i < slice.rows.length; i += 2) addTo(counts.tables, data.tables[slice.rows[i]].name, [slice.rows[i + 1]]);
  }
  return counts;
});

const holdsLabels = new Map(data.tables.map((one) => [one.name, one.labels]));
const rowsOf = (slice) => {
  const counts = countsOf(slice);
  if (counts.recorded === 0) return null;
  let rows = 0;
  for (const [name, [one]] of counts.tables) if (holdsLabels.get(name)) rows += one;
  return rows;
};

// Rules by name, each as text; null where they are not here.
const rulesOf = once((slice) => {
  if (slice.definition === undefined) return null;
  const rules = new Map();
  const walk = (prefix, node) => {
    for (const [name, inner] of Object.entries(node)) {
      if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) walk(`${prefix}${name}.`, inner);
      else rules.set(prefix + name, typeof inner === 'string' ? inner : JSON.stringify(inner));
    }
  };
  walk('', data.definitions[slice.definition].rules);
  walk('fields.', data.definitions[slice.definition].fields);
  return rules;
});

// [name, before, after] of each rule that differs; null where either side is not known.
function ruleChanges(before, after) {
  const [old, now] = [rulesOf(before), rulesOf(after)];
  if (!old || !now) return null;
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names.filter((name) => old.get(name) !== now.get(name)).map((name) => [name, old.get(name), now.get(name)]);
}

// Exports of one side alone, and those that took another's place in their project.
function exportChanges(before, after) {
  const key = (one) => `${one.project} ${one.sha256}`;
  const [old, now] = [exportsOf(before), exportsOf(after)];
  const had = new Set(old.map(key)), has = new Set(now.map(key));
  const removed = old.filter((one) => !has.has(key(one)));
  const added = now.filter((one) => !had.has(key(one)));
  const changes = [];
  for (const one of added) {
    const at = removed.findIndex((other) => other.project === one.project);
    changes.push({ before: at < 0 ? null : removed.splice(at, 1)[0], after: one });
  }
  for (const one of removed) changes.push({ before: one, after: null });
  return { changes, same: now.filter((one) => had.has(key(one))).length };
}

// The models of a slice: its runs, and those that only model_outputs names.
const modelsOf = once((slice) => {
  const runs = slice.runs || [];
  const named = Object.entries(slice.model_outputs || {}).filter(([name]) => runs.every((run) => run.name !== name));
  return [...runs, ...named.map(([name, artifact]) => ({ name, artifact, trained_at: slice.trained_at }))];
});

const metricsOf = (run) => Object.entries(run.metrics || {}).filter(([, one]) => typeof one === 'number');

// The same model's metric on the nearest slice before that has it.
function metricBefore(slice, model, metric) {
  const seen = new Set([slice.version]);
  for (let at = parentOf(slice); at && !seen.has(at.version); at = parentOf(at)) {
    seen.add(at.version);
    for (const run of modelsOf(at)) {
      if (run.name === model && typeof run.metrics?.[metric] === 'number') return { slice: at, value: run.metrics[metric] };
    }
  }
  return null;
}

// What a search looks through, in lower case. Exports and names are shared, so that each is looked through once.
const own = once((slice) => JSON.stringify([
  slice.version, slice.reason, slice.created_at, slice.harvest_version, slice.harvest_sha256, slice.key, slice.dataset, slice.model_outputs, slice.pins, slice.runs,
  slice.drift?.status, slice.drift?.findings.map((finding) => finding.kind),
]).toLowerCase());
const exportTexts = data.exports.map((one) => `${one.project} ${one.sha256} ${one.path || ''} ${one.label_sha256 || ''}`.toLowerCase());
const nameTexts = data.names.map((name) => name.toLowerCase());

// The slices that hold every word of a search.
function search(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const tests = words.map((word) => {
    const exports = new Set(), names = new Set();
    exportTexts.forEach((one, at) => { if (one.includes(word)) exports.add(at); });
    nameTexts.forEach((one, at) => { if (one.includes(word)) names.add(at); });
    const hit = data.parts.map((part) => exports.has(part.export)
      || (names.size > 0 && ['labels', 'people'].some((kind) => (part[kind] || []).some((name, i) => i % 4 === 0 && names.has(name)))));

    // How many of the parts before each are hits, by which a range is looked up in one step.
    const before = [0];
    hit.forEach((one, at) => before.push(before[at] + (one ? 1 : 0)));
    return (slice) => {
      if (own(slice).includes(word)) return true;
      for (let i = 0; i < slice.parts.length; i += 2) {
        if (before[slice.parts[i] + slice.parts[i + 1]] > before[slice.parts[i]]) return true;
      }
      return false;
    };
  });
  return data.slices.filter((slice) => tests.every((test) => test(slice)));
}
