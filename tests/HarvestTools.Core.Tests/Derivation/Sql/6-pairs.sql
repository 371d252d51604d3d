-- Two people's regions of one medium, control, kind, label and parent: how far apart, and whether they agree.
-- `parent_groups` (node, grp) says which parents are one.

CREATE OR REPLACE TEMP TABLE placed AS
SELECT c.*, coalesce(g.grp, 0) AS parent_grp
FROM candidates c
LEFT JOIN parents p ON p.task_no = c.task_no AND p.ann_no = c.ann_no AND p.parent_id = c.parent_id
  AND p.child_tag IS NOT DISTINCT FROM c.to_name AND p.child_place = c.place
LEFT JOIN parent_groups g USING (node);

CREATE OR REPLACE TEMP TABLE shared_tasks AS
SELECT task_no FROM judged WHERE reason IS NULL GROUP BY task_no HAVING count(DISTINCT annotator) > 1;

-- Two annotations of one person are compared too, but that they agree does not count: `others` tells them apart.
CREATE OR REPLACE TEMP TABLE rivals AS
SELECT a.cand AS a, b.cand AS b, a.kind, a.annotator <> b.annotator AS others
FROM placed a JOIN placed b ON a.task_no = b.task_no AND a.kind = b.kind AND a.label IS NOT DISTINCT FROM b.label
  AND a.to_name IS NOT DISTINCT FROM b.to_name AND a.place = b.place AND a.from_name IS NOT DISTINCT FROM b.from_name
  AND a.parent_grp = b.parent_grp AND a.ann_no <> b.ann_no AND a.cand < b.cand
WHERE a.task_no IN (FROM shared_tasks);

-- Where a track is visible: runs of frames without a gap.
CREATE OR REPLACE TEMP TABLE stretches AS
SELECT task_no, ann_no, item_no, list({first: first_frame, last: last_frame} ORDER BY first_frame) AS stretches
FROM (
  SELECT task_no, ann_no, item_no, min(frame) AS first_frame, max(frame) AS last_frame
  FROM (SELECT *, frame - row_number() OVER (PARTITION BY task_no, ann_no, item_no ORDER BY frame) AS run FROM track_frames)
  GROUP BY task_no, ann_no, item_no, run)
GROUP BY task_no, ann_no, item_no;

-- Boxes are compared where either has a key frame or a stretch ends: between, both run straight.
CREATE OR REPLACE TEMP TABLE corners_of_tracks AS
SELECT f.*, f.is_key OR s.task_no IS NOT NULL AS decides
FROM track_frames f
LEFT JOIN (SELECT task_no, ann_no, item_no, unnest(stretches).last AS frame FROM stretches) s USING (task_no, ann_no, item_no, frame);

CREATE OR REPLACE TEMP TABLE track_pairs AS
WITH pairs AS (
  SELECT r.a, r.b, x.task_no, x.ann_no AS ann_a, x.item_no AS item_a, y.ann_no AS ann_b, y.item_no AS item_b
  FROM rivals r JOIN placed x ON x.cand = r.a JOIN placed y ON y.cand = r.b WHERE r.kind = 'track'),
shared AS (
  SELECT p.a, p.b,
    max(box_gap(qa.corners, qb.corners)) AS distance,
    bool_and(boxes_agree(qa.corners, qa.turned, qb.corners, qb.turned, min_pixel_agreement)) AS boxes
  FROM pairs p CROSS JOIN rules
  JOIN corners_of_tracks fa ON fa.task_no = p.task_no AND fa.ann_no = p.ann_a AND fa.item_no = p.item_a
  JOIN corners_of_tracks fb ON fb.task_no = p.task_no AND fb.ann_no = p.ann_b AND fb.item_no = p.item_b AND fb.frame = fa.frame
  JOIN quads qa ON qa.task_no = fa.task_no AND qa.ann_no = fa.ann_no AND qa.item_no = fa.item_no AND qa.frame = fa.frame
  JOIN quads qb ON qb.task_no = fb.task_no AND qb.ann_no = fb.ann_no AND qb.item_no = fb.item_no AND qb.frame = fb.frame
  WHERE fa.decides OR fb.decides
  GROUP BY p.a, p.b)
SELECT p.a, p.b, s.distance,
  coalesce(s.boxes, false) AND len(sa.stretches) = len(sb.stretches) AND list_bool_and(list_transform(
    list_zip(sa.stretches, sb.stretches),
    lambda pair: abs(pair[1].first - pair[2].first) <= min_frame_agreement AND abs(pair[1].last - pair[2].last) <= min_frame_agreement)) AS agrees
FROM pairs p CROSS JOIN rules
JOIN stretches sa ON sa.task_no = p.task_no AND sa.ann_no = p.ann_a AND sa.item_no = p.item_a
JOIN stretches sb ON sb.task_no = p.task_no AND sb.ann_no = p.ann_b AND sb.item_no = p.item_b
LEFT JOIN shared s USING (a, b);

-- The farthest that a vertex of either is from the other's outline.
CREATE OR REPLACE TEMP TABLE polygon_pairs AS
WITH both_ways AS (
  SELECT a, b, x.task_no, x.ann_no AS ann_v, x.item_no AS item_v, y.ann_no AS ann_s, y.item_no AS item_s
  FROM rivals r JOIN placed x ON x.cand = r.a JOIN placed y ON y.cand = r.b WHERE r.kind = 'polygon'
  UNION ALL
  SELECT a, b, x.task_no, y.ann_no, y.item_no, x.ann_no, x.item_no
  FROM rivals r JOIN placed x ON x.cand = r.a JOIN placed y ON y.cand = r.b WHERE r.kind = 'polygon')
SELECT a, b, max(nearest) AS distance
FROM (
  SELECT a, b, p.ann_v, v.n, min(side_gap(v.x, v.y, s.x1, s.y1, coalesce(s.next.x, s.begin.x), coalesce(s.next.y, s.begin.y))) AS nearest
  FROM both_ways p
  JOIN vertices v ON v.task_no = p.task_no AND v.ann_no = p.ann_v AND v.item_no = p.item_v
  JOIN sides s ON s.task_no = p.task_no AND s.ann_no = p.ann_s AND s.item_no = p.item_s
  GROUP BY a, b, p.ann_v, v.n)
GROUP BY a, b;

CREATE OR REPLACE TEMP TABLE pairs AS
SELECT r.a, r.b, r.kind, known, others,
  CASE r.kind
    WHEN 'keypoint' THEN point WHEN 'segment' THEN ends WHEN 'box' THEN gap WHEN 'polygon' THEN o.distance WHEN 'control' THEN 0
    ELSE t.distance END AS distance,
  CASE r.kind
    WHEN 'keypoint' THEN within(point, min_pixel_agreement)
    WHEN 'segment' THEN ends <= min_frame_agreement
    WHEN 'box' THEN agrees_box
    WHEN 'polygon' THEN within(o.distance, min_pixel_agreement)
    WHEN 'control' THEN same_answer
    ELSE t.agrees END AS agrees
FROM (
  SELECT r.a, r.b, r.kind, others, min_pixel_agreement, min_frame_agreement, sa.known AND sb.known AS known,
    sqrt((x.x / 100 * sa.sw - y.x / 100 * sb.sw) ** 2 + (x.y / 100 * sa.sh - y.y / 100 * sb.sh) ** 2) AS point,
    greatest(abs(x.start_frame - y.start_frame), abs(x.end_frame - y.end_frame))::DOUBLE AS ends,
    x.answer_set = y.answer_set AS same_answer,
    box_gap(qa.corners, qb.corners) AS gap,
    boxes_agree(qa.corners, qa.turned, qb.corners, qb.turned, min_pixel_agreement) AS agrees_box
  FROM rivals r CROSS JOIN rules
  JOIN placed x ON x.cand = r.a
  JOIN placed y ON y.cand = r.b
  JOIN scales sa ON sa.task_no = x.task_no AND sa.ann_no = x.ann_no AND sa.item_no = x.item_no
  JOIN scales sb ON sb.task_no = y.task_no AND sb.ann_no = y.ann_no AND sb.item_no = y.item_no
  LEFT JOIN quads qa ON r.kind = 'box' AND qa.task_no = x.task_no AND qa.ann_no = x.ann_no AND qa.item_no = x.item_no
  LEFT JOIN quads qb ON r.kind = 'box' AND qb.task_no = y.task_no AND qb.ann_no = y.ann_no AND qb.item_no = y.item_no) r
LEFT JOIN track_pairs t USING (a, b)
LEFT JOIN polygon_pairs o USING (a, b);
