-- Whose hand is whose: the regions that others name as their parent, and which of two people's may be one.

CREATE OR REPLACE TEMP TABLE parents AS
SELECT row_number() OVER (ORDER BY task_no, ann_no, parent_id) AS node, *
FROM (
  SELECT DISTINCT c.task_no, c.ann_no, c.annotation_id, c.annotator, c.parent_id, v.kind, v.to_name, v.idx, v.from_name, list_min(list_transform(v.labels, lambda l: l.label)) AS label
  FROM candidates c
  LEFT JOIN verdicts v ON v.task_no = c.task_no AND v.ann_no = c.ann_no AND v.region_id = c.parent_id AND v.kind NOT IN ('labels', 'control')
  WHERE c.parent_id IS NOT NULL);

-- Two parents can be one thing only on one medium, of one control, kind and label.
CREATE OR REPLACE MACRO alike(a, b) AS a.kind IS NOT DISTINCT FROM b.kind AND a.to_name IS NOT DISTINCT FROM b.to_name
  AND a.idx IS NOT DISTINCT FROM b.idx AND a.from_name IS NOT DISTINCT FROM b.from_name AND a.label IS NOT DISTINCT FROM b.label;

CREATE OR REPLACE TEMP TABLE parent_boxes AS
SELECT p.node, p.task_no, q.corners
FROM parents p
JOIN verdicts v ON v.task_no = p.task_no AND v.ann_no = p.ann_no AND v.region_id = p.parent_id AND v.kind = 'box'
JOIN quads q ON q.task_no = v.task_no AND q.ann_no = v.ann_no AND q.item_no = v.item_no;

CREATE OR REPLACE MACRO left_of(q) AS least(q[1].x, q[2].x, q[3].x, q[4].x);
CREATE OR REPLACE MACRO right_of(q) AS greatest(q[1].x, q[2].x, q[3].x, q[4].x);
CREATE OR REPLACE MACRO top_of(q) AS least(q[1].y, q[2].y, q[3].y, q[4].y);
CREATE OR REPLACE MACRO bottom_of(q) AS greatest(q[1].y, q[2].y, q[3].y, q[4].y);

-- Equal ids come before any distance.
CREATE OR REPLACE TEMP TABLE parent_pairs AS
SELECT a.node AS a, b.node AS b, -1::DOUBLE AS distance, a.annotator <> b.annotator AS others
FROM parents a JOIN parents b ON a.task_no = b.task_no AND a.node < b.node AND a.ann_no <> b.ann_no
  AND a.parent_id = b.parent_id AND alike(a, b)
UNION ALL
SELECT x.node, y.node, box_gap(x.corners, y.corners), a.annotator <> b.annotator
FROM parent_boxes x JOIN parent_boxes y ON x.task_no = y.task_no AND x.node < y.node
  AND left_of(x.corners) < right_of(y.corners) AND left_of(y.corners) < right_of(x.corners)
  AND top_of(x.corners) < bottom_of(y.corners) AND top_of(y.corners) < bottom_of(x.corners)
JOIN parents a ON a.node = x.node
JOIN parents b ON b.node = y.node
WHERE a.ann_no <> b.ann_no AND a.parent_id <> b.parent_id AND alike(a, b);
