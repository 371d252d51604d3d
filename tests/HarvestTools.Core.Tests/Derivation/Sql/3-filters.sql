-- Which annotations and regions count. `rules` holds the rules in force, one row.

CREATE OR REPLACE TEMP TABLE judged AS
WITH first AS (
  SELECT *, CASE WHEN cancelled THEN 'cancelled' WHEN coalesce(len(result), 0) = 0 THEN 'empty' END AS drop
  FROM annotations)
SELECT
  * EXCLUDE (drop),
  CASE
    WHEN drop IS NOT NULL THEN drop
    WHEN prefer_ground_truth AND NOT ground_truth
      AND bool_or(ground_truth AND drop IS NULL) OVER (PARTITION BY task_no) THEN 'superseded'
  END AS reason
FROM first, rules;

-- Items of annotations that count. The list of labels is that of the item's kind, else the plain one; an empty text is no label.
CREATE OR REPLACE TEMP TABLE live AS
SELECT *,
  CASE kind
    WHEN 'keypoint' THEN [x, y]::VARCHAR
    WHEN 'box' THEN [x, y, w, h, r]::VARCHAR
    WHEN 'polygon' THEN points::VARCHAR
    WHEN 'segment' THEN (value -> 'ranges')::VARCHAR
    WHEN 'track' THEN (value -> 'sequence')::VARCHAR
  END AS geometry
FROM (SELECT i.*,
  TRY_CAST(value ->> 'x' AS DOUBLE) AS x, TRY_CAST(value ->> 'y' AS DOUBLE) AS y,
  TRY_CAST(value ->> 'width' AS DOUBLE) AS w, TRY_CAST(value ->> 'height' AS DOUBLE) AS h,
  coalesce(TRY_CAST(value ->> 'rotation' AS DOUBLE), 0) AS r,
  CASE WHEN kind = 'polygon' THEN TRY_CAST(value -> 'points' AS DOUBLE[][]) END AS points,
  coalesce(TRY_CAST(value ->> 'closed' AS BOOLEAN), true) AS closed,
  original_width > 0 AND original_height > 0 AS sized,
  list_filter(coalesce(
    nullif(CASE kind
      WHEN 'keypoint' THEN json_extract_string(value, '$.keypointlabels[*]')
      WHEN 'box' THEN json_extract_string(value, '$.rectanglelabels[*]')
      WHEN 'polygon' THEN json_extract_string(value, '$.polygonlabels[*]')
      WHEN 'segment' THEN json_extract_string(value, '$.timelinelabels[*]')
    END, []),
    json_extract_string(value, '$.labels[*]'),
    []), lambda label: label <> '') AS own_labels
FROM items i JOIN judged j USING (task_no, ann_no) WHERE j.reason IS NULL);

CREATE OR REPLACE MACRO is_shape(kind) AS kind IN ('keypoint', 'box', 'polygon', 'segment', 'track');

-- What belongs to a drawn item: the labels and controls that have its id and, where they name one, its medium. One that names a
-- tag alone is on the first that the tag shows, if what has its id is there too.
CREATE OR REPLACE TEMP TABLE belongings AS
SELECT c.task_no, c.ann_no, c.item_no, o.item_no AS owner_no
FROM live c JOIN live o USING (task_no, ann_no, region_id)
WHERE c.kind IN ('labels', 'control') AND o.kind NOT IN ('labels', 'control', 'relation')
  AND (c.to_name IS NULL OR c.to_name = o.to_name) AND (c.item_index IS NULL OR c.item_index = o.place)
  AND (c.to_name IS NULL OR c.item_index IS NOT NULL OR o.place = 0 OR NOT EXISTS (
    FROM live f WHERE f.task_no = c.task_no AND f.ann_no = c.ann_no AND f.region_id = c.region_id AND f.to_name = c.to_name AND f.place = 0 AND is_shape(f.kind)));

-- What is said of the whole medium: a control without geometry whose id nothing drawn has, nor a span of text.
CREATE OR REPLACE TEMP TABLE spoken AS
SELECT c.task_no, c.ann_no, c.item_no
FROM live c
WHERE kind = 'control' AND x IS NULL AND y IS NULL
  AND coalesce(json_array_length(value -> 'points'), 0) = 0
  AND coalesce(json_array_length(value -> 'ranges'), 0) = 0
  AND coalesce(json_array_length(value -> 'sequence'), 0) = 0
  AND NOT EXISTS (
    FROM live o WHERE o.task_no = c.task_no AND o.ann_no = c.ann_no AND o.region_id = c.region_id AND o.kind NOT IN ('control', 'relation'));

-- The labels of each drawn item, each once for each control that offers it: its own, and those of items that belong to it.
CREATE OR REPLACE TEMP TABLE labels AS
SELECT task_no, ann_no, item_no, list_distinct(list({control: control, label: label} ORDER BY source, n)) AS labels
FROM (
  SELECT task_no, ann_no, item_no, from_name AS control, unnest(own_labels) AS label, 0 AS source, generate_subscripts(own_labels, 1) AS n
  FROM live WHERE is_shape(kind)
  UNION ALL
  SELECT b.task_no, b.ann_no, b.owner_no, from_name, unnest(own_labels), b.item_no, generate_subscripts(own_labels, 1)
  FROM belongings b JOIN live l USING (task_no, ann_no, item_no) WHERE l.kind = 'labels')
GROUP BY task_no, ann_no, item_no;

-- The last frame of a video: the longest framesCount among the regions on it, else what the task's data says.
CREATE OR REPLACE TEMP TABLE lengths AS
SELECT m.task_no, m.to_name, m.place,
  coalesce(longest, nullif(greatest(
    TRY_CAST(data ->> 'framesCount' AS BIGINT), TRY_CAST(data ->> 'frames_count' AS BIGINT),
    TRY_CAST(data ->> 'frame_count' AS BIGINT), TRY_CAST(data ->> 'total_frames' AS BIGINT)), 0)) AS last_frame
FROM media m
JOIN tasks USING (task_no)
LEFT JOIN (
  SELECT task_no, to_name, place, max(TRY_CAST(value ->> 'framesCount' AS BIGINT)) AS longest FROM items
  WHERE TRY_CAST(value ->> 'framesCount' AS BIGINT) > 0 GROUP BY ALL) f
  ON f.task_no = m.task_no AND f.to_name IS NOT DISTINCT FROM m.to_name AND f.place = m.place;

-- As the editor shows them: with no ends it is no range, with an end alone that one frame, with a start alone it runs on.
CREATE OR REPLACE TEMP TABLE ranges AS
SELECT *, CASE
    WHEN start_frame IS NULL OR end_frame < start_frame THEN 'no-geometry'
    WHEN end_frame IS NULL THEN 'open-end'
  END AS fault
FROM (
  SELECT r.task_no, ann_no, item_no, range_no,
    coalesce(start_at, end_at) AS start_frame,
    coalesce(end_at, last_frame) AS end_frame
  FROM (
    SELECT task_no, ann_no, item_no, to_name, place, range_no,
      TRY_CAST(TRY_CAST(range ->> 'start' AS DOUBLE) AS BIGINT) AS start_at,
      TRY_CAST(TRY_CAST(range ->> 'end' AS DOUBLE) AS BIGINT) AS end_at
    FROM (
      SELECT task_no, ann_no, item_no, to_name, place,
        unnest(json_extract(value, '$.ranges[*]')) AS range,
        generate_subscripts(json_extract(value, '$.ranges[*]'), 1) AS range_no
      FROM live WHERE kind = 'segment')) r
  JOIN lengths l ON l.task_no = r.task_no AND l.to_name IS NOT DISTINCT FROM r.to_name AND l.place = r.place);

-- Key frames as the file has them. One without geometry shows nothing itself; it may only end a track.
CREATE OR REPLACE TEMP TABLE all_keys AS
SELECT *, x IS NOT NULL AND y IS NOT NULL AND w IS NOT NULL AND h IS NOT NULL AS drawn
FROM (
  SELECT task_no, ann_no, item_no, key_no, framescount,
    TRY_CAST(key ->> 'frame' AS BIGINT) AS frame,
    coalesce(TRY_CAST(key ->> 'enabled' AS BOOLEAN), true) AS enabled,
    coalesce(TRY_CAST(key ->> 'auto' AS BOOLEAN), false) AS auto,
    TRY_CAST(key ->> 'x' AS DOUBLE) AS x, TRY_CAST(key ->> 'y' AS DOUBLE) AS y,
    TRY_CAST(key ->> 'width' AS DOUBLE) AS w, TRY_CAST(key ->> 'height' AS DOUBLE) AS h,
    coalesce(TRY_CAST(key ->> 'rotation' AS DOUBLE), 0) AS r
  FROM (
    SELECT task_no, ann_no, item_no, TRY_CAST(value ->> 'framesCount' AS BIGINT) AS framescount,
      unnest(json_extract(value, '$.sequence[*]')) AS key,
      generate_subscripts(json_extract(value, '$.sequence[*]'), 1) AS key_no
    FROM live WHERE kind = 'track'));

-- Without the frames that an export with interpolated key frames adds, unless there are no others; of two on one frame the
-- later in the file counts; and each with what it runs to.
CREATE OR REPLACE TEMP TABLE keyframes AS
SELECT * EXCLUDE (next),
  CASE WHEN enabled AND next.drawn THEN next END AS next,
  CASE
    WHEN NOT enabled THEN frame
    WHEN next IS NOT NULL THEN next.frame - 1
    ELSE greatest(frame, coalesce(framescount, frame))
  END AS last_frame
FROM (
  SELECT *, lead({frame: frame, drawn: drawn, x: x, y: y, w: w, h: h, r: r}) OVER (PARTITION BY task_no, ann_no, item_no ORDER BY frame) AS next
  FROM (
    SELECT * FROM (
      SELECT *, bool_and(auto) OVER (PARTITION BY task_no, ann_no, item_no) AS only_auto FROM all_keys)
    WHERE NOT auto OR only_auto
    QUALIFY row_number() OVER (PARTITION BY task_no, ann_no, item_no, frame ORDER BY key_no DESC) = 1))
WHERE drawn;

-- What was chosen, written or rated, without the geometry that items of regions repeat.
CREATE OR REPLACE TEMP TABLE answers AS
SELECT *,
  -- One value stands for itself, several are JSON; nothing chosen or an empty text is no answer.
  CASE WHEN json_type(one) = 'VARCHAR' THEN nullif(one ->> '$', '') WHEN json_type(one) <> 'NULL' AND (json_type(one) <> 'ARRAY' OR json_array_length(one) > 0) THEN one::VARCHAR END AS answer,
  -- What people are compared by: the values as a set.
  list_sort(list_distinct(CASE json_type(told) WHEN 'ARRAY' THEN json_extract(told, '$[*]')::VARCHAR[] ELSE [told::VARCHAR] END)) AS answer_set
FROM (
  SELECT *, CASE WHEN json_array_length(inner_one) = 1 THEN inner_one -> 0 ELSE inner_one END AS one
  FROM (
    SELECT *, CASE WHEN json_array_length(told) = 1 THEN told -> 0 ELSE told END AS inner_one
    FROM (
      SELECT task_no, ann_no, item_no, from_name, coalesce(value -> CASE type WHEN 'textarea' THEN 'text' ELSE type END, value) AS told
      FROM live WHERE kind = 'control')));

-- Several items of one region, with one id and one geometry, hold its labels together: one without any lacks none.
CREATE OR REPLACE TEMP TABLE twins AS
SELECT a.task_no, a.ann_no, a.item_no, b.item_no AS twin_no
FROM live a JOIN live b USING (task_no, ann_no, region_id, kind, place)
WHERE is_shape(kind) AND a.item_no <> b.item_no AND a.to_name IS NOT DISTINCT FROM b.to_name AND a.geometry IS NOT DISTINCT FROM b.geometry;

CREATE OR REPLACE TEMP TABLE shared_labels AS
SELECT DISTINCT t.task_no, t.ann_no, t.item_no
FROM twins t JOIN labels l ON l.task_no = t.task_no AND l.ann_no = t.ann_no AND l.item_no = t.twin_no;

-- The first reason for which nothing of an item can be kept.
CREATE OR REPLACE TEMP TABLE verdicts AS
SELECT s.*, coalesce(l.labels, []) AS labels, c.item_no IS NOT NULL AS is_choice, a.answer, a.answer_set, z.item_no IS NOT NULL AS labelled_by_twin,
  CASE
    WHEN c.item_no IS NOT NULL THEN
      CASE WHEN a.answer IS NULL THEN 'no-label' WHEN origin = 'prediction' AND NOT accept_untouched THEN 'untouched-prediction' END
    WHEN kind IN ('other', 'relation') THEN 'unsupported-type'
    WHEN kind IN ('labels', 'control') THEN NULL
    WHEN l.labels IS NULL THEN CASE WHEN z.item_no IS NULL THEN 'no-label' END
    WHEN kind = 'keypoint' AND (x IS NULL OR y IS NULL) THEN 'no-geometry'
    WHEN kind = 'box' AND (x IS NULL OR y IS NULL OR w IS NULL OR h IS NULL) THEN 'no-geometry'
    WHEN kind = 'polygon' AND coalesce(len(points), 0) = 0 THEN 'no-geometry'
    WHEN kind = 'segment' AND g.ranges IS NULL THEN 'no-geometry'
    WHEN kind = 'track' AND (k.keys IS NULL OR NOT q.complete) THEN 'no-geometry'
    WHEN origin = 'prediction' AND NOT accept_untouched THEN 'untouched-prediction'
  END AS reason,
  -- Of a segment each range has a fate of its own.
  CASE WHEN kind = 'segment' AND g.good = 0 THEN g.fault END AS ranges_reason
FROM live s
CROSS JOIN rules
LEFT JOIN labels l USING (task_no, ann_no, item_no)
LEFT JOIN spoken c USING (task_no, ann_no, item_no)
LEFT JOIN answers a USING (task_no, ann_no, item_no)
LEFT JOIN shared_labels z USING (task_no, ann_no, item_no)
LEFT JOIN (
  SELECT task_no, ann_no, item_no, count(*) AS ranges, count(*) FILTER (fault IS NULL) AS good, min(fault) AS fault
  FROM ranges GROUP BY ALL) g USING (task_no, ann_no, item_no)
LEFT JOIN (
  SELECT task_no, ann_no, item_no, bool_and(drawn OR NOT enabled) AS complete FROM all_keys GROUP BY ALL) q USING (task_no, ann_no, item_no)
LEFT JOIN (
  SELECT task_no, ann_no, item_no, count(*) AS keys FROM keyframes GROUP BY ALL) k USING (task_no, ann_no, item_no);

-- What is dropped before annotators are compared; of a segment the ranges, each for itself.
CREATE OR REPLACE TEMP TABLE fallen AS
SELECT task_no, ann_no, item_no, task_id, annotation_id, region_id, to_name, item_index, from_name, reason FROM verdicts WHERE reason IS NOT NULL
UNION ALL
SELECT task_no, ann_no, item_no, task_id, annotation_id, region_id, to_name, item_index, from_name, fault
FROM verdicts JOIN ranges USING (task_no, ann_no, item_no) WHERE reason IS NULL AND len(labels) > 0 AND fault IS NOT NULL
UNION ALL
SELECT task_no, ann_no, item_no, task_id, annotation_id, region_id, to_name, item_index, from_name, 'unsupported-type'
FROM verdicts v WHERE kind IN ('labels', 'control') AND NOT is_choice
  AND (task_no, ann_no, item_no) NOT IN (SELECT (task_no, ann_no, item_no) FROM belongings);

-- One candidate a region, control and label, and a segment's range; what is said of a medium has its control for a label.
-- Items that are one region give each of them once.
CREATE OR REPLACE TEMP TABLE candidates AS
SELECT row_number() OVER (ORDER BY task_no, ann_no, item_no, label_no, range_no) AS cand, *
FROM (
  SELECT v.* EXCLUDE (labels, from_name, reason, one), one.control AS from_name, one.label AS label, range_no, start_frame, end_frame
  FROM (
    SELECT *, unnest(labels) AS one, generate_subscripts(labels, 1) AS label_no FROM verdicts
    WHERE reason IS NULL AND is_shape(kind)) v
  LEFT JOIN ranges g USING (task_no, ann_no, item_no)
  WHERE g.fault IS NULL AND (kind <> 'segment' OR range_no IS NOT NULL)
  UNION ALL BY NAME
  SELECT * EXCLUDE (labels, reason), from_name AS label, 1 AS label_no FROM verdicts WHERE reason IS NULL AND is_choice)
QUALIFY region_id IS NULL OR row_number() OVER (
  PARTITION BY task_no, ann_no, region_id, kind, to_name, place, from_name, label, start_frame, end_frame,
    geometry, CASE WHEN is_choice THEN item_no END
  ORDER BY origin, parent_id NULLS FIRST, original_width NULLS FIRST, original_height NULLS FIRST, item_no) = 1;
