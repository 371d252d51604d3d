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

-- Items of annotations that count, each with the region on its medium that it hangs on: a label item or a control on the
-- region with its id. Of several items with one id those with labels come first.
CREATE OR REPLACE TEMP TABLE live AS
SELECT i.*, list_filter(coalesce(
    CASE kind
      WHEN 'keypoint' THEN nullif(json_extract_string(value, '$.keypointlabels[*]'), [])
      WHEN 'box' THEN nullif(json_extract_string(value, '$.rectanglelabels[*]'), [])
      WHEN 'polygon' THEN nullif(json_extract_string(value, '$.polygonlabels[*]'), [])
      WHEN 'segment' THEN nullif(json_extract_string(value, '$.timelinelabels[*]'), [])
    END,
    json_extract_string(value, '$.labels[*]'),
    []), lambda label: label <> '') AS own
FROM items i JOIN judged j USING (task_no, ann_no) WHERE j.reason IS NULL;

CREATE OR REPLACE TEMP TABLE owners AS
SELECT a.task_no, a.ann_no, a.item_no, first(s.item_no ORDER BY len(s.own) = 0, s.item_no) AS owner_no
FROM live a JOIN live s ON a.task_no = s.task_no AND a.ann_no = s.ann_no AND a.region_id = s.region_id
  AND (a.to_unsaid OR a.to_name = s.to_name) AND (a.item_index IS NULL OR a.item_index = s.idx)
WHERE a.kind IN ('labels', 'control') AND s.kind NOT IN ('labels', 'control', 'relation')
GROUP BY ALL;

-- Labels of an item with the control that offers each, once.
CREATE OR REPLACE TEMP TABLE named AS
SELECT task_no, ann_no, item_no, list({control: control, label: label} ORDER BY first_no, n) AS labels
FROM (
  SELECT task_no, ann_no, item_no, control, label, min(said_no) AS first_no, min(n) AS n
  FROM (
    SELECT task_no, ann_no, item_no, 0 AS said_no, from_name AS control, unnest(own) AS label, generate_subscripts(own, 1) AS n
    FROM live WHERE kind NOT IN ('labels', 'control')
    UNION ALL
    SELECT l.task_no, l.ann_no, o.owner_no, l.item_no, l.from_name, unnest(l.own), generate_subscripts(l.own, 1)
    FROM live l JOIN owners o USING (task_no, ann_no, item_no) WHERE l.kind = 'labels')
  GROUP BY task_no, ann_no, item_no, control, label)
GROUP BY task_no, ann_no, item_no;

-- What is said of the whole medium: a control with the id of nothing that is drawn, and no geometry of its own.
CREATE OR REPLACE TEMP TABLE regions AS
SELECT
  l.* EXCLUDE (own),
  o.owner_no,
  l.kind = 'control' AND NOT EXISTS (
    FROM live d WHERE d.task_no = l.task_no AND d.ann_no = l.ann_no AND d.region_id = l.region_id AND d.kind NOT IN ('control', 'relation'))
    AND NOT json_exists(value, '$.x') AND NOT json_exists(value, '$.points') AND NOT json_exists(value, '$.ranges')
    AND NOT json_exists(value, '$.sequence') AS choice,
  len(l.own) = 0 AND EXISTS (
    FROM live d WHERE d.task_no = l.task_no AND d.ann_no = l.ann_no AND d.region_id = l.region_id AND d.item_no <> l.item_no
      AND d.kind NOT IN ('labels', 'control', 'relation', 'other') AND len(d.own) > 0) AS labelled_elsewhere,
  coalesce(n.labels, []) AS labels
FROM live l
LEFT JOIN owners o USING (task_no, ann_no, item_no)
LEFT JOIN named n USING (task_no, ann_no, item_no);

-- Where a timeline stands open: the longest framesCount among the regions on its video, else what the task's data says.
CREATE OR REPLACE TEMP TABLE lengths AS
SELECT
  task_no, to_name, idx,
  coalesce(
    max(CASE WHEN TRY_CAST(i.value ->> 'framesCount' AS BIGINT) > 0 THEN TRY_CAST(i.value ->> 'framesCount' AS BIGINT) END),
    any_value(greatest(
      TRY_CAST(data ->> 'framesCount' AS BIGINT), TRY_CAST(data ->> 'frames_count' AS BIGINT),
      TRY_CAST(data ->> 'frame_count' AS BIGINT), TRY_CAST(data ->> 'total_frames' AS BIGINT)))) AS last_frame
FROM tasks JOIN items i USING (task_no)
GROUP BY task_no, to_name, idx;

-- Only an end is that one frame, only a start runs to the video's last.
CREATE OR REPLACE TEMP TABLE ranges AS
SELECT * EXCLUDE (s, e, last_frame),
  coalesce(s, e) AS start_frame,
  coalesce(e, last_frame) AS end_frame,
  CASE
    WHEN s IS NULL AND e IS NULL THEN 'no-geometry'
    WHEN coalesce(e, last_frame) IS NULL THEN 'open-end'
    WHEN coalesce(s, e) > coalesce(e, last_frame) THEN 'no-geometry'
  END AS unusable
FROM (
  SELECT task_no, ann_no, item_no, range_no, last_frame,
    TRY_CAST(TRY_CAST(range ->> 'start' AS DOUBLE) AS BIGINT) AS s,
    TRY_CAST(TRY_CAST(range ->> 'end' AS DOUBLE) AS BIGINT) AS e
  FROM (
    SELECT task_no, to_name, idx, ann_no, item_no,
      unnest(json_extract(value, '$.ranges[*]')) AS range,
      generate_subscripts(json_extract(value, '$.ranges[*]'), 1) AS range_no
    FROM regions WHERE kind = 'segment')
  JOIN lengths USING (task_no, to_name, idx));

-- Key frames: those that an export worked out between others (auto) are none, and of two on one frame the later counts. One
-- without a place ends the track: the box before it holds through the frame before.
CREATE OR REPLACE TEMP TABLE said_keys AS
SELECT task_no, ann_no, item_no, key_no,
  TRY_CAST(key ->> 'frame' AS BIGINT) AS frame,
  coalesce(TRY_CAST(key ->> 'enabled' AS BOOLEAN), true) AS enabled,
  coalesce(TRY_CAST(key ->> 'auto' AS BOOLEAN), false) AS auto,
  TRY_CAST(key ->> 'x' AS DOUBLE) AS x, TRY_CAST(key ->> 'y' AS DOUBLE) AS y,
  TRY_CAST(key ->> 'width' AS DOUBLE) AS w, TRY_CAST(key ->> 'height' AS DOUBLE) AS h,
  coalesce(TRY_CAST(key ->> 'rotation' AS DOUBLE), 0) AS r,
  x IS NOT NULL AND y IS NOT NULL AND w IS NOT NULL AND h IS NOT NULL AS placed
FROM (
  SELECT task_no, ann_no, item_no,
    unnest(json_extract(value, '$.sequence[*]')) AS key,
    generate_subscripts(json_extract(value, '$.sequence[*]'), 1) AS key_no
  FROM regions WHERE kind = 'track');

CREATE OR REPLACE TEMP TABLE keyframes AS
WITH
counted AS (
  SELECT * FROM said_keys
  QUALIFY NOT auto OR bool_and(auto) OVER (PARTITION BY task_no, ann_no, item_no)),
single AS (
  SELECT * FROM counted
  QUALIFY row_number() OVER (PARTITION BY task_no, ann_no, item_no, frame ORDER BY key_no DESC) = 1),
beside AS (
  SELECT *,
    lag({frame: frame, enabled: enabled, placed: placed, x: x, y: y, w: w, h: h, r: r}) OVER by_frame AS before,
    lead({frame: frame, placed: placed}) OVER by_frame AS after
  FROM single WINDOW by_frame AS (PARTITION BY task_no, ann_no, item_no ORDER BY frame)),
ended AS (
  SELECT task_no, ann_no, item_no, frame, enabled AND NOT coalesce(NOT after.placed AND after.frame = frame + 1, false) AS enabled,
    true AS said, x, y, w, h, r
  FROM beside WHERE placed
  UNION ALL
  SELECT task_no, ann_no, item_no, frame - 1, false, false, before.x, before.y, before.w, before.h, before.r
  FROM beside WHERE NOT placed AND before.placed AND before.enabled AND before.frame < frame - 1)
SELECT *, lead({frame: frame, x: x, y: y, w: w, h: h, r: r}) OVER (PARTITION BY task_no, ann_no, item_no ORDER BY frame) AS next
FROM ended;

CREATE OR REPLACE TEMP TABLE shaped AS
SELECT
  r.*,
  TRY_CAST(value ->> 'x' AS DOUBLE) AS x, TRY_CAST(value ->> 'y' AS DOUBLE) AS y,
  TRY_CAST(value ->> 'width' AS DOUBLE) AS w, TRY_CAST(value ->> 'height' AS DOUBLE) AS h,
  coalesce(TRY_CAST(value ->> 'rotation' AS DOUBLE), 0) AS r,
  original_width > 0 AND original_height > 0 AS sized
FROM regions r;

-- Of a choice: one text or number as it is, several as JSON; compared as a set.
CREATE OR REPLACE TEMP TABLE said AS
SELECT task_no, ann_no, item_no,
  CASE json_type(one) WHEN 'VARCHAR' THEN nullif(one ->> '$', '') WHEN 'NULL' THEN NULL WHEN 'ARRAY' THEN CASE WHEN json_array_length(one) > 0 THEN one::VARCHAR END
    ELSE one::VARCHAR END AS chosen,
  CASE json_type(one) WHEN 'ARRAY' THEN list_sort(list_distinct(list_transform(json_extract(one, '$[*]'), lambda e: e::VARCHAR)))::VARCHAR ELSE one::VARCHAR END AS chosen_set
FROM (
  SELECT task_no, ann_no, item_no,
    CASE WHEN json_type(told) = 'ARRAY' AND json_array_length(told) = 1
      THEN CASE WHEN json_type(told -> 0) = 'ARRAY' AND json_array_length(told -> 0) = 1 THEN told -> 0 -> 0 ELSE told -> 0 END ELSE told END AS one
  FROM (
    SELECT task_no, ann_no, item_no, coalesce(value -> CASE type WHEN 'textarea' THEN 'text' ELSE type END, value) AS told
    FROM regions WHERE choice));

CREATE OR REPLACE TEMP TABLE verdicts AS
SELECT s.*, c.chosen, c.chosen_set, g.unusable,
  CASE
    WHEN choice THEN CASE WHEN c.chosen IS NULL THEN 'no-label' WHEN origin = 'prediction' AND NOT accept_untouched THEN 'untouched-prediction' END
    WHEN kind IN ('other', 'relation') OR kind IN ('labels', 'control') AND owner_no IS NULL THEN 'unsupported-type'
    WHEN kind IN ('labels', 'control') THEN NULL
    WHEN len(labels) = 0 THEN CASE WHEN NOT labelled_elsewhere THEN 'no-label' END
    WHEN kind = 'keypoint' AND (x IS NULL OR y IS NULL) THEN 'no-geometry'
    WHEN kind = 'box' AND (x IS NULL OR y IS NULL OR w IS NULL OR h IS NULL) THEN 'no-geometry'
    WHEN kind = 'polygon' AND coalesce(json_array_length(value, '$.points'), 0) = 0 THEN 'no-geometry'
    WHEN kind = 'segment' AND coalesce(g.ranges, 0) = 0 THEN 'no-geometry'
    WHEN kind = 'track' AND NOT (coalesce(k.complete, false) AND f.keys > 0) IS NOT FALSE THEN 'no-geometry'
    WHEN origin = 'prediction' AND NOT accept_untouched THEN 'untouched-prediction'
  END AS reason
FROM shaped s
CROSS JOIN rules
LEFT JOIN said c USING (task_no, ann_no, item_no)
LEFT JOIN (
  SELECT task_no, ann_no, item_no, count(*) AS ranges, CASE WHEN bool_and(unusable IS NOT NULL) THEN last(unusable ORDER BY range_no) END AS unusable
  FROM ranges GROUP BY ALL) g USING (task_no, ann_no, item_no)
LEFT JOIN (
  SELECT task_no, ann_no, item_no, bool_and(frame IS NOT NULL AND (placed OR NOT enabled)) AS complete
  FROM said_keys GROUP BY ALL) k USING (task_no, ann_no, item_no)
LEFT JOIN (SELECT task_no, ann_no, item_no, count(*) AS keys FROM keyframes GROUP BY ALL) f USING (task_no, ann_no, item_no);

-- What hangs on a region that falls, falls with it. Of a segment each range falls for itself.
CREATE OR REPLACE TEMP TABLE fallen AS
SELECT task_no, ann_no, item_no, task_id, annotation_id, region_id, kind, reason FROM verdicts WHERE reason IS NOT NULL
UNION ALL
SELECT v.task_no, v.ann_no, v.item_no, v.task_id, v.annotation_id, v.region_id, v.kind, r.unusable
FROM verdicts v JOIN ranges r USING (task_no, ann_no, item_no) WHERE v.reason IS NULL AND r.unusable IS NOT NULL
UNION ALL
SELECT v.task_no, v.ann_no, v.item_no, v.task_id, v.annotation_id, v.region_id, v.kind, coalesce(o.reason, o.unusable)
FROM verdicts v JOIN verdicts o ON o.task_no = v.task_no AND o.ann_no = v.ann_no AND o.item_no = v.owner_no
WHERE v.kind IN ('labels', 'control') AND coalesce(o.reason, o.unusable) IS NOT NULL;

-- One candidate a region, control and label, and a segment's range. Items that repeat a region are that region.
CREATE OR REPLACE TEMP TABLE candidates AS
SELECT row_number() OVER (ORDER BY task_no, ann_no, item_no, label_no, range_no) AS cand, *
FROM (
  SELECT v.* EXCLUDE (labels, reason, value, named), named.control, named.label, value -> 'points' AS points, value -> 'sequence' AS sequence,
    coalesce(TRY_CAST(value ->> 'closed' AS BOOLEAN), true) AS closed
  FROM (SELECT *, unnest(labels) AS named, generate_subscripts(labels, 1) AS label_no FROM verdicts WHERE NOT choice) v
  WHERE reason IS NULL AND kind IN ('keypoint', 'box', 'polygon', 'segment', 'track')
  UNION ALL BY NAME
  SELECT v.* EXCLUDE (labels, reason, value), from_name AS control, CASE from_name WHEN '' THEN type ELSE from_name END AS label, 1 AS label_no
  FROM verdicts v WHERE choice AND reason IS NULL)
LEFT JOIN (SELECT * EXCLUDE (unusable) FROM ranges WHERE unusable IS NULL) USING (task_no, ann_no, item_no)
WHERE kind <> 'segment' OR start_frame IS NOT NULL
QUALIFY choice OR row_number() OVER (
  PARTITION BY task_no, ann_no, coalesce(region_id, item_no::VARCHAR), control, label, kind, to_name, idx, x, y, w, h, r, start_frame, end_frame,
    points::VARCHAR, sequence::VARCHAR ORDER BY item_no) = 1;
