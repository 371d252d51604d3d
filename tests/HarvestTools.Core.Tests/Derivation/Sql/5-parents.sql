-- Whose hand is whose: the regions that others name as their parent, and which of two people's may be one.

CREATE OR REPLACE TEMP TABLE parents AS
SELECT row_number() OVER (ORDER BY task_no, ann_no, parent_id, child_tag, child_place) AS node, *
FROM (
  SELECT DISTINCT c.task_no, c.ann_no, c.annotation_id, c.annotator, c.parent_id, c.to_name AS child_tag, c.place AS child_place
  FROM candidates c WHERE c.parent_id <> '');

-- What each is: where an id occurs on several media, the one on the medium of what names it; of items that are one region the
-- first by kind and control. A parent that the annotation does not have is known by its id alone.
CREATE OR REPLACE TEMP TABLE parent_items AS
SELECT p.*, v.kind, v.to_name, v.place, v.from_name, n.names,
  CASE v.kind WHEN 'box' THEN q.corners WHEN 'polygon' THEN b.corners WHEN 'keypoint' THEN k.corners END AS corners
FROM parents p
LEFT JOIN verdicts v ON v.task_no = p.task_no AND v.ann_no = p.ann_no AND v.region_id = p.parent_id AND v.kind NOT IN ('labels', 'control', 'relation')
LEFT JOIN (
  SELECT o.task_no, o.ann_no, o.region_id, o.to_name, o.place, list_distinct(flatten(list(l.own_labels))) AS names
  FROM (SELECT DISTINCT task_no, ann_no, region_id, to_name, place FROM live WHERE kind NOT IN ('labels', 'control', 'relation')) o
  JOIN live l ON l.task_no = o.task_no AND l.ann_no = o.ann_no AND l.region_id = o.region_id
    AND (l.to_name IS NOT DISTINCT FROM o.to_name AND l.place = o.place OR l.kind = 'labels' AND (l.to_name IS NULL OR l.to_name = o.to_name) AND l.item_index IS NULL)
  GROUP BY ALL) n
  ON n.task_no = v.task_no AND n.ann_no = v.ann_no AND n.region_id = v.region_id AND n.to_name IS NOT DISTINCT FROM v.to_name AND n.place = v.place
LEFT JOIN quads q ON v.kind = 'box' AND q.task_no = v.task_no AND q.ann_no = v.ann_no AND q.item_no = v.item_no
LEFT JOIN polygon_bounds b ON b.task_no = v.task_no AND b.ann_no = v.ann_no AND b.item_no = v.item_no
LEFT JOIN (
  SELECT task_no, ann_no, item_no, list_transform([0, 0, 0, 0], lambda i: {x: x / 100 * sw, y: y / 100 * sh}) AS corners
  FROM verdicts JOIN scales USING (task_no, ann_no, item_no) WHERE kind = 'keypoint' AND x IS NOT NULL AND y IS NOT NULL) k
  ON k.task_no = v.task_no AND k.ann_no = v.ann_no AND k.item_no = v.item_no
QUALIFY row_number() OVER (
  PARTITION BY node ORDER BY (v.to_name IS NOT DISTINCT FROM child_tag AND v.place = child_place) DESC, v.kind, v.to_name, v.place, v.from_name) = 1;

CREATE OR REPLACE MACRO left_of(q) AS least(q[1].x, q[2].x, q[3].x, q[4].x);
CREATE OR REPLACE MACRO right_of(q) AS greatest(q[1].x, q[2].x, q[3].x, q[4].x);
CREATE OR REPLACE MACRO top_of(q) AS least(q[1].y, q[2].y, q[3].y, q[4].y);
CREATE OR REPLACE MACRO bottom_of(q) AS greatest(q[1].y, q[2].y, q[3].y, q[4].y);

-- Two are compared that are on one medium, of one control and kind, and share a label. Equal ids come before any distance,
-- then the nearest of points and of overlapping boxes; what has no place is the same where each has only one such. A hand is
-- that hand whoever drew it, so that two annotations of one person join theirs too.
CREATE OR REPLACE TEMP TABLE parent_pairs AS
SELECT a, b, coalesce(CASE WHEN same_id THEN -1 END, gap, 1e300) AS distance, true AS others
FROM (
  SELECT a.node AS a, b.node AS b, a.parent_id = b.parent_id AS same_id,
    a.corners IS NULL AND b.corners IS NULL AS placeless,
    count(*) OVER (PARTITION BY a.node, b.ann_no) = 1 AND count(*) OVER (PARTITION BY b.node, a.ann_no) = 1 AS lone,
    CASE WHEN a.kind = 'keypoint'
        OR left_of(a.corners) <= right_of(b.corners) AND left_of(b.corners) <= right_of(a.corners)
       AND top_of(a.corners) <= bottom_of(b.corners) AND top_of(b.corners) <= bottom_of(a.corners)
      THEN box_gap(a.corners, b.corners) END AS gap
  FROM parent_items a JOIN parent_items b ON a.task_no = b.task_no AND a.node < b.node AND a.ann_no <> b.ann_no
    AND a.child_tag IS NOT DISTINCT FROM b.child_tag AND a.child_place = b.child_place
    AND a.kind IS NOT DISTINCT FROM b.kind AND a.to_name IS NOT DISTINCT FROM b.to_name AND a.place IS NOT DISTINCT FROM b.place
    AND a.from_name IS NOT DISTINCT FROM b.from_name AND (a.names IS NOT DISTINCT FROM b.names OR list_has_any(a.names, b.names)))
WHERE same_id OR gap IS NOT NULL OR placeless AND lone;
