// One-to-one matching by greatest nearness: the one step of the derivation that is not SQL.

/**
 * Joins what may be joined, nearest first.
 *
 * @param nodes  [{ id, owner, order }]; `order` (annotation id, region id, place) settles equal distances
 * @param pairs  [{ a, b, distance, others }], only those that agree; `others`: by two people, which alone joins groups
 * @returns      Map of node id to group id; a group has an owner (an annotation) once, and every two of it are a pair
 */
export function match(nodes, pairs) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const groupOf = new Map(nodes.map((node) => [node.id, [node]]));
  const allowed = new Set(pairs.map(({ a, b }) => key(a, b)));
  const sorted = pairs.filter(({ others }) => others)
    .map(({ a, b, distance }) => {
      const ends = [byId.get(a), byId.get(b)].sort((m, n) => compare(m.order, n.order));
      return { distance, ends };
    })
    .sort((p, q) => p.distance - q.distance || compare(p.ends[0].order, q.ends[0].order) || compare(p.ends[1].order, q.ends[1].order));

  for (const { ends: [m, n] } of sorted) {
    const left = groupOf.get(m.id);
    const right = groupOf.get(n.id);
    const joins = left !== right
      && left.every((x) => right.every((y) => x.owner !== y.owner && allowed.has(key(x.id, y.id))));
    if (joins) {
      left.push(...right);
      right.forEach((node) => groupOf.set(node.id, left));
    }
  }

  return new Map(nodes.map((node) => [node.id, groupOf.get(node.id)[0].id]));
}

function key(a, b) {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}

/** Arrays of numbers, texts and nulls; null first, texts in code point order. */
function compare(left, right) {
  for (let i = 0; i < left.length; i++) {
    const [a, b] = [left[i], right[i]];
    if (a !== b) {
      return a === null ? -1 : b === null ? 1 : typeof a === 'string' ? Buffer.compare(Buffer.from(a), Buffer.from(b)) : a < b ? -1 : 1;
    }
  }

  return 0;
}
