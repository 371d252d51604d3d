-- The four tables. `clusters` (cand, grp) says which candidates are one.

CREATE OR REPLACE TEMP TABLE attributes AS
SELECT task_no, ann_no, owner_no AS item_no, '{' || string_agg(to_json(from_name) || ':' || told, ',' ORDER BY from_name) || '}' AS attributes
FROM (
  SELECT task_no, ann_no, owner_no, from_name, item_no,
    value -> CASE type WHEN 'textarea' THEN 'text' ELSE type END AS told
  FROM verdicts WHERE kind = 'control' AND reason IS NULL)
WHERE owner_no IS NOT NULL
GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE members AS
SELECT p.*, c.grp,
  count(DISTINCT annotator) OVER (PARTITION BY c.grp) AS annotators,
  first_value(p.cand) OVER (PARTITION BY c.grp ORDER BY annotation_id NULLS FIRST, region_id NULLS FIRST, p.cand) AS lead_cand,
  row_number() OVER (PARTITION BY c.grp ORDER BY annotation_id NULLS FIRST, region_id NULLS FIRST, p.cand) AS rank
FROM placed p JOIN clusters c USING (cand);

CREATE OR REPLACE TEMP TABLE agreements AS
SELECT x.grp, CASE WHEN bool_and(known OR p.kind = 'segment') THEN max(distance) END AS agreement
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
LEFT JOIN (SELECT DISTINCT unnest([a, b]) AS cand FROM rivals) r USING (cand);

-- Regions that fall with all their labels, and what hangs on them with them.
CREATE OR REPLACE TEMP TABLE dropped AS
SELECT task_no, ann_no, item_no, arg_min(f.reason, m.cand) AS reason
FROM fates f JOIN members m USING (cand)
GROUP BY ALL
HAVING count(*) = count(f.reason);

-- What every row of a group shares: the lead's ids, origin, size and attributes.
CREATE OR REPLACE TEMP TABLE leads AS
SELECT
  m.grp, m.cand, m.kind, getvariable('project') AS project, f.task_subdir, f.episode, f.frame, m.task_id, m.annotation_id,
  m.region_id, m.label, m.origin, m.annotators::INTEGER AS annotators, a.agreement, m.parent_id,
  CASE WHEN m.sized THEN m.original_width END AS ow, CASE WHEN m.sized THEN m.original_height END AS oh, t.attributes,
  m.w < 0 AS back_w, m.h < 0 AS back_h, m.r AS lead_r, m.task_no, m.ann_no, m.item_no
FROM members m
JOIN fates USING (cand)
JOIN fields f USING (task_no)
LEFT JOIN agreements a USING (grp)
LEFT JOIN attributes t USING (task_no, ann_no, item_no)
WHERE m.cand = m.lead_cand AND fates.reason IS NULL;

CREATE OR REPLACE TEMP TABLE expected_keypoints AS
SELECT project, task_subdir, episode, frame, task_id, annotation_id, region_id, label, origin, annotators, agreement, 1::DOUBLE AS weight,
  parent_id, x_pct / 100 * ow AS x, y_pct / 100 * oh AS y, x_pct, y_pct, attributes
FROM leads
JOIN (
  SELECT grp, avg(x) AS x_pct, avg(y) AS y_pct FROM members CROSS JOIN rules
  WHERE kind = 'keypoint' AND (consensus = 'mean' OR rank = 1) GROUP BY grp) USING (grp);

-- Turned to the lead's: begun at the corner nearest to the lead's, its angle the nearest to the lead's.
CREATE OR REPLACE TEMP TABLE box_parts AS
SELECT
  grp, frame, rank, is_key,
  CASE WHEN rank = 1 THEN r0 ELSE lead_r + fmod(fmod(ar - lead_r, 360) + 540, 360) - 180 END AS r,
  CASE WHEN plain THEN x ELSE corner.x / sw * 100 END AS x,
  CASE WHEN plain THEN y ELSE corner.y / sh * 100 END AS y,
  CASE WHEN plain OR turn % 2 = 0 THEN w ELSE h * sh / sw END AS w,
  CASE WHEN plain OR turn % 2 = 0 THEN h ELSE w * sw / sh END AS h
FROM (
  SELECT grp, frame, rank, is_key, lead_r, x, y, abs_w AS w, abs_h AS h, sw, sh, turn, plain, r AS r0, r + 90 * turn AS ar,
    corners[1 + turn] AS corner
  FROM (
    SELECT m.grp, b.frame, m.rank, b.is_key, m.lead_r, b.x, b.y, b.w AS abs_w, b.h AS abs_h, b.r, s.sw, s.sh, q.corners,
      coalesce(list_position([corner_gap(lq.corners, q.corners, 0), corner_gap(lq.corners, q.corners, 1),
        corner_gap(lq.corners, q.corners, 2), corner_gap(lq.corners, q.corners, 3)], box_gap(lq.corners, q.corners)) - 1, 0) AS turn,
      coalesce(list_position([corner_gap(lq.corners, q.corners, 0), corner_gap(lq.corners, q.corners, 1),
        corner_gap(lq.corners, q.corners, 2), corner_gap(lq.corners, q.corners, 3)], box_gap(lq.corners, q.corners)) - 1, 0) = 0 AS plain
    FROM (
      SELECT m.*, l.task_no AS lt, l.ann_no AS la, l.item_no AS li, l.r AS lead_r
      FROM members m JOIN members l ON l.grp = m.grp AND l.rank = 1) m
    JOIN (
      SELECT task_no, ann_no, item_no, 0 AS frame, true AS is_key, x, y, w, h, r FROM verdicts WHERE kind = 'box'
      UNION ALL
      SELECT * FROM track_frames) b USING (task_no, ann_no, item_no)
    JOIN scales s USING (task_no, ann_no, item_no)
    JOIN quads q ON q.task_no = m.task_no AND q.ann_no = m.ann_no AND q.item_no = m.item_no AND q.frame = b.frame
    LEFT JOIN quads lq ON lq.task_no = lt AND lq.ann_no = la AND lq.item_no = li AND lq.frame = b.frame
    WHERE m.kind IN ('box', 'track')));

CREATE OR REPLACE TEMP TABLE expected_boxes AS
SELECT project, task_subdir, episode, CASE kind WHEN 'track' THEN b.frame ELSE leads.frame END AS frame,
  task_id, annotation_id, region_id, label, origin, annotators, agreement, 1::DOUBLE AS weight,
  x_pct / 100 * ow AS x, y_pct / 100 * oh AS y, width_pct / 100 * ow AS width, height_pct / 100 * oh AS height,
  x_pct, y_pct, width_pct, height_pct, rotation, interpolated, attributes
FROM leads
JOIN (
  SELECT grp, frame, avg(x) AS x_pct, avg(y) AS y_pct, avg(w) AS width_pct, avg(h) AS height_pct, avg(r) AS rotation,
    NOT any_key AS interpolated
  FROM (
    SELECT *, bool_or(is_key) OVER (PARTITION BY grp, frame) AS any_key, min(rank) OVER (PARTITION BY grp, frame) AS best
    FROM box_parts)
  CROSS JOIN rules
  WHERE (consensus = 'mean' OR rank = best) AND (any_key OR interpolate_tracks)
  GROUP BY grp, frame, any_key) b USING (grp);

CREATE OR REPLACE TEMP TABLE expected_actions AS
SELECT project, task_subdir, episode, unnest(generate_series(start_, end_)) AS frame,
  task_id, annotation_id, region_id, label, origin, annotators, agreement, 1::DOUBLE AS weight,
  start_ AS start, end_ AS end, false AS boundary, attributes
FROM leads
JOIN (
  SELECT grp, floor(avg(start_frame) + 0.5)::BIGINT AS start_, floor(avg(end_frame) + 0.5)::BIGINT AS end_
  FROM members CROSS JOIN rules
  WHERE kind = 'segment' AND (consensus = 'mean' OR rank = 1) GROUP BY grp) USING (grp);

UPDATE expected_actions SET boundary = true, weight = boundary_weight FROM rules
WHERE least(frame - start, expected_actions.end - frame) < boundary_frames;

CREATE OR REPLACE TEMP TABLE expected_rejected AS
SELECT getvariable('project') AS project, task_id, annotation_id, region_id, reason
FROM (
  SELECT task_id, annotation_id, NULL::VARCHAR AS region_id, reason FROM judged WHERE reason IS NOT NULL
  UNION ALL
  SELECT task_id, annotation_id, region_id, reason FROM fallen
  UNION ALL
  SELECT m.task_id, m.annotation_id, m.region_id, f.reason FROM fates f JOIN members m USING (cand) WHERE f.reason IS NOT NULL
  UNION ALL
  SELECT v.task_id, v.annotation_id, v.region_id, d.reason
  FROM verdicts v JOIN dropped d ON d.task_no = v.task_no AND d.ann_no = v.ann_no AND d.item_no = v.owner_no);
