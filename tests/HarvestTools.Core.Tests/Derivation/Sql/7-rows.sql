-- The six tables. `clusters` (cand, grp) says which candidates are one.

CREATE OR REPLACE TEMP TABLE attributes AS
SELECT task_no, ann_no, item_no, '{' || string_agg(to_json(from_name) || ':' || told, ',' ORDER BY from_name) || '}' AS attributes
FROM (
  -- Where one control has several items on a region, they are a list.
  SELECT b.task_no, b.ann_no, b.owner_no AS item_no, from_name,
    CASE count(*) WHEN 1 THEN any_value(told)::VARCHAR ELSE '[' || string_agg(told::VARCHAR, ',' ORDER BY told::VARCHAR) || ']' END AS told
  FROM belongings b JOIN answers USING (task_no, ann_no, item_no)
  GROUP BY ALL)
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE members AS
SELECT p.*, c.grp,
  count(DISTINCT annotator) OVER (PARTITION BY c.grp) AS annotators,
  list_sort(list_distinct(list(person) OVER (PARTITION BY c.grp))) AS people,
  first_value(p.cand) OVER (PARTITION BY c.grp ORDER BY annotation_id NULLS FIRST, region_id NULLS FIRST, p.cand) AS lead_cand,
  row_number() OVER (PARTITION BY c.grp ORDER BY annotation_id NULLS FIRST, region_id NULLS FIRST, p.cand) AS rank
FROM placed p JOIN clusters c USING (cand);

CREATE OR REPLACE TEMP TABLE agreements AS
SELECT x.grp, CASE WHEN bool_and(known OR p.kind IN ('segment', 'control')) THEN max(distance) END AS agreement
FROM pairs p JOIN clusters x ON x.cand = p.a JOIN clusters y ON y.cand = p.b AND y.grp = x.grp
GROUP BY x.grp;

CREATE OR REPLACE TEMP TABLE fates AS
SELECT m.cand,
  CASE
    WHEN annotators > 1 THEN NULL
    WHEN r.cand IS NOT NULL THEN 'disagreement'
    WHEN require_two_annotators THEN 'single-annotator'
  END AS reason
FROM members m CROSS JOIN rules
LEFT JOIN (SELECT DISTINCT unnest([a, b]) AS cand FROM rivals WHERE others) r USING (cand);

-- Items that give no row at all, and the reason that comes first of those for which they do not.
CREATE OR REPLACE TEMP TABLE dropped AS
SELECT task_no, ann_no, item_no, min({
    rank: list_position(['unsupported-type', 'no-label', 'no-geometry', 'untouched-prediction', 'open-end', 'disagreement', 'single-annotator'], reason),
    reason: reason}).reason AS reason
FROM (
  SELECT task_no, ann_no, item_no, reason FROM fallen
  UNION ALL
  -- A label counts for every item of its region.
  SELECT m.task_no, m.ann_no, unnest([m.item_no] || coalesce(t.twins, [])), f.reason
  FROM fates f JOIN members m USING (cand)
  LEFT JOIN (SELECT task_no, ann_no, item_no, list(twin_no) AS twins FROM twins GROUP BY ALL) t USING (task_no, ann_no, item_no))
GROUP BY ALL
HAVING count(*) = count(reason);

-- What every row of a group shares: the lead's ids, origin, size and attributes.
CREATE OR REPLACE TEMP TABLE leads AS
SELECT
  m.grp, m.cand, m.kind, getvariable('project') AS project, f.task_subdir, f.episode, f.frame, m.task_id, m.annotation_id,
  m.region_id, coalesce(m.label, m.type) AS label, m.origin, m.annotators::INTEGER AS annotators, array_to_string(m.people::VARCHAR[], ',') AS annotator_ids, a.agreement,
  1::DOUBLE AS weight, f.media, coalesce(m.to_name, '') AS to_name,
  -- A region that names no place in a list is on the first.
  coalesce(m.item_index, CASE WHEN f.list THEN 0 END)::INTEGER AS item_index,
  coalesce(m.from_name, '') AS from_name,
  CASE WHEN m.sized THEN round(m.original_width)::INTEGER END AS image_width,
  CASE WHEN m.sized THEN round(m.original_height)::INTEGER END AS image_height,
  m.parent_id,
  CASE WHEN m.sized THEN m.original_width END AS ow, CASE WHEN m.sized THEN m.original_height END AS oh, t.attributes,
  m.answer, m.points AS vertices, m.closed
FROM members m
JOIN fates USING (cand)
JOIN fields f ON f.task_no = m.task_no AND f.to_name IS NOT DISTINCT FROM m.to_name AND f.place = m.place
LEFT JOIN agreements a USING (grp)
LEFT JOIN attributes t ON t.task_no = m.task_no AND t.ann_no = m.ann_no AND t.item_no = m.item_no
WHERE m.cand = m.lead_cand AND fates.reason IS NULL;

-- The columns that the tables have in common, as `leads` has them.
CREATE OR REPLACE TEMP TABLE commons AS
SELECT grp, kind, project, task_subdir, episode, frame, task_id, annotation_id, region_id, label, origin, annotators, annotator_ids, agreement,
  weight, media, to_name, item_index, from_name, image_width, image_height
FROM leads;

CREATE OR REPLACE TEMP TABLE expected_keypoints AS
SELECT c.* EXCLUDE (grp, kind), l.parent_id, x_pct / 100 * ow AS x, y_pct / 100 * oh AS y, x_pct, y_pct, attributes
FROM commons c JOIN leads l USING (grp)
JOIN (
  SELECT grp, avg(x) AS x_pct, avg(y) AS y_pct FROM members CROSS JOIN rules
  WHERE kind = 'keypoint' AND (consensus = 'mean' OR rank = 1) GROUP BY grp) USING (grp);

-- Of several who agree the first: outlines have no mean, nor have answers.
CREATE OR REPLACE TEMP TABLE expected_polygons AS
SELECT c.* EXCLUDE (grp, kind),
  CASE WHEN ow IS NULL THEN [] ELSE flatten(list_transform(vertices, lambda v: [v[1] / 100 * ow, v[2] / 100 * oh])) END AS points,
  flatten(vertices) AS points_pct, closed, attributes
FROM commons c JOIN leads l USING (grp) WHERE l.kind = 'polygon';

CREATE OR REPLACE TEMP TABLE expected_choices AS
SELECT c.* EXCLUDE (grp, kind), answer AS value, NULL::VARCHAR AS attributes
FROM commons c JOIN leads l USING (grp) WHERE l.kind = 'control';

-- On every frame the first who shows the box leads, and the others are turned to it: begun at the corner that is nearest
-- to the lead's, their angle the one nearest to the lead's, and dragged in the lead's direction.
CREATE OR REPLACE TEMP TABLE shown AS
SELECT m.grp, b.frame, m.rank, b.is_key, b.x, b.y, b.w, b.h, b.r, s.sw, s.sh, q.corners,
  first_value({r: b.r, corners: q.corners, back_w: b.w < 0, back_h: b.h < 0}) OVER (PARTITION BY m.grp, b.frame ORDER BY m.rank) AS lead
FROM members m
JOIN (
  SELECT task_no, ann_no, item_no, 0 AS frame, true AS is_key, x, y, w, h, r FROM verdicts WHERE kind = 'box'
  UNION ALL
  SELECT * FROM track_frames) b USING (task_no, ann_no, item_no)
JOIN scales s USING (task_no, ann_no, item_no)
JOIN quads q ON q.task_no = m.task_no AND q.ann_no = m.ann_no AND q.item_no = m.item_no AND q.frame = b.frame
WHERE m.kind IN ('box', 'track');

CREATE OR REPLACE TEMP TABLE box_parts AS
SELECT grp, frame, rank, is_key, lead.r AS lead_r,
  CASE WHEN rank = 1 THEN r ELSE angle END AS r,
  CASE WHEN plain THEN x ELSE (corner.x + back_w * cos(radians(angle)) - back_h * sin(radians(angle))) / sw * 100 END AS x,
  CASE WHEN plain THEN y ELSE (corner.y + back_w * sin(radians(angle)) + back_h * cos(radians(angle))) / sh * 100 END AS y,
  CASE WHEN plain THEN w ELSE (pw - 2 * back_w) / sw * 100 END AS w,
  CASE WHEN plain THEN h ELSE (ph - 2 * back_h) / sh * 100 END AS h
FROM (
  SELECT *, CASE WHEN lead.back_w THEN pw ELSE 0 END AS back_w, CASE WHEN lead.back_h THEN ph ELSE 0 END AS back_h
  FROM (
    SELECT *,
      turn = 0 AND (w < 0) = lead.back_w AND (h < 0) = lead.back_h AS plain,
      corners[1 + turn] AS corner,
      CASE turn % 2 WHEN 0 THEN abs(w) / 100 * sw ELSE abs(h) / 100 * sh END AS pw,
      CASE turn % 2 WHEN 0 THEN abs(h) / 100 * sh ELSE abs(w) / 100 * sw END AS ph,
      -- The turn by the shortest way from the lead's angle, -180 to 180.
      lead.r + (r + 90 * turn - lead.r) - 360 * round((r + 90 * turn - lead.r) / 360) AS angle
    FROM (
      SELECT *, list_position(gaps, list_min(gaps)) - 1 AS turn
      FROM (
        SELECT *, [corner_gap(lead.corners, corners, 0), corner_gap(lead.corners, corners, 1),
          corner_gap(lead.corners, corners, 2), corner_gap(lead.corners, corners, 3)] AS gaps
        FROM shown))));

CREATE OR REPLACE TEMP TABLE expected_boxes AS
SELECT c.* EXCLUDE (grp, kind) REPLACE (CASE c.kind WHEN 'track' THEN b.frame ELSE c.frame END AS frame),
  x_pct / 100 * ow AS x, y_pct / 100 * oh AS y, width_pct / 100 * ow AS width, height_pct / 100 * oh AS height,
  x_pct, y_pct, width_pct, height_pct, rotation, interpolated, attributes
FROM commons c JOIN leads l USING (grp)
JOIN (
  SELECT grp, frame, avg(x) AS x_pct, avg(y) AS y_pct, avg(w) AS width_pct, avg(h) AS height_pct,
    -- A mean leaves 0 to 360 only if the lead's angle does.
    avg(r) + CASE WHEN avg(r) < 0 AND lead_r >= 0 THEN 360 WHEN avg(r) >= 360 AND lead_r < 360 THEN -360 ELSE 0 END AS rotation,
    NOT any_key AS interpolated
  FROM (
    SELECT *, bool_or(is_key) OVER (PARTITION BY grp, frame) AS any_key
    FROM box_parts CROSS JOIN rules WHERE consensus = 'mean' OR rank = 1)
  WHERE any_key OR interpolate_tracks
  GROUP BY grp, frame, any_key, lead_r) b USING (grp);

CREATE OR REPLACE TEMP TABLE expected_actions AS
SELECT c.* EXCLUDE (grp, kind) REPLACE (unnest(generate_series(start_, end_)) AS frame),
  start_ AS start, end_ AS end, false AS boundary, attributes
FROM commons c JOIN leads l USING (grp)
JOIN (
  SELECT grp, floor(avg(start_frame) + 0.5)::BIGINT AS start_, floor(avg(end_frame) + 0.5)::BIGINT AS end_
  FROM members CROSS JOIN rules
  WHERE kind = 'segment' AND (consensus = 'mean' OR rank = 1) GROUP BY grp) USING (grp);

UPDATE expected_actions SET boundary = true, weight = boundary_weight FROM rules
WHERE least(frame - start, expected_actions.end - frame) < boundary_frames;

-- Where a region is, as the detail of a rejected row has it.
CREATE OR REPLACE MACRO place_of(to_name, item_index, from_name) AS concat_ws(' ', 'to_name=' || to_name, 'item_index=' || item_index, 'from_name=' || from_name);

CREATE OR REPLACE TEMP TABLE expected_rejected AS
SELECT getvariable('project') AS project, task_id, annotation_id, region_id, reason, place, sizes
FROM (
  SELECT task_id, annotation_id, NULL::VARCHAR AS region_id, reason, '' AS place, '' AS sizes FROM judged WHERE reason IS NOT NULL
  UNION ALL
  SELECT task_id, annotation_id, region_id, reason, place_of(to_name, item_index, from_name), '' FROM fallen
  UNION ALL
  SELECT m.task_id, m.annotation_id, m.region_id, f.reason, place_of(m.to_name, item_index, from_name),
    CASE WHEN f.reason = 'disagreement' AND len(s.sizes) > 1
      THEN array_to_string(list_transform(s.sizes, lambda size: round(size.w)::BIGINT || 'x' || round(size.h)::BIGINT), ' and ') ELSE '' END
  FROM fates f JOIN members m USING (cand)
  LEFT JOIN sizes s ON s.task_no = m.task_no AND s.to_name IS NOT DISTINCT FROM m.to_name AND s.place = m.place
  WHERE f.reason IS NOT NULL
  UNION ALL
  -- What belongs to a region goes with it, unless another item that it belongs to is kept.
  SELECT v.task_id, v.annotation_id, v.region_id, any_value(d.reason), place_of(v.to_name, v.item_index, v.from_name), ''
  FROM verdicts v JOIN belongings b USING (task_no, ann_no, item_no)
  JOIN verdicts o ON o.task_no = b.task_no AND o.ann_no = b.ann_no AND o.item_no = b.owner_no
  LEFT JOIN dropped d ON d.task_no = b.task_no AND d.ann_no = b.ann_no AND d.item_no = b.owner_no
  -- A bare shape shares the fate of the items that label it.
  WHERE NOT (o.labelled_by_twin AND len(o.labels) = 0)
  GROUP BY v.task_no, v.ann_no, v.item_no, v.task_id, v.annotation_id, v.region_id, v.to_name, v.item_index, v.from_name
  HAVING count(*) = count(d.reason));
