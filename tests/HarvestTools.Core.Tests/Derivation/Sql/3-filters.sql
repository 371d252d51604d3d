-- Which annotations and regions count. `rules` holds the rules in force, one row.

-- A label listed twice is one label; the order stays.
CREATE OR REPLACE MACRO once(list) AS list_filter(list, lambda label, i: list_position(list, label) = i);

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

-- Items of annotations that count, each with what it hangs on: a label item or a control on the region with its id.
CREATE OR REPLACE TEMP TABLE regions AS
WITH
live AS (SELECT i.* FROM items i JOIN judged j USING (task_no, ann_no) WHERE j.reason IS NULL),
shapes AS (
  SELECT task_no, ann_no, region_id, min(item_no) AS owner_no
  FROM live WHERE kind NOT IN ('labels', 'control') AND region_id IS NOT NULL GROUP BY ALL),
drawn AS (
  SELECT task_no, ann_no, region_id FROM live WHERE kind IN ('keypoint', 'box', 'segment', 'track') GROUP BY ALL),
named AS (
  SELECT task_no, ann_no, region_id, list(label ORDER BY item_no, n) AS labels
  FROM (
    SELECT task_no, ann_no, region_id, item_no,
      unnest(json_extract_string(value, '$.labels[*]')) AS label,
      generate_subscripts(json_extract_string(value, '$.labels[*]'), 1) AS n
    FROM live WHERE kind = 'labels')
  GROUP BY ALL)
SELECT
  l.*,
  CASE WHEN kind IN ('labels', 'control') THEN s.owner_no END AS owner_no,
  d.region_id IS NOT NULL AS supported_id,
  once(coalesce(
    nullif(CASE kind
      WHEN 'keypoint' THEN json_extract_string(value, '$.keypointlabels[*]')
      WHEN 'box' THEN json_extract_string(value, '$.rectanglelabels[*]')
      WHEN 'segment' THEN json_extract_string(value, '$.timelinelabels[*]')
    END, []),
    nullif(json_extract_string(value, '$.labels[*]'), []),
    n.labels,
    [])) AS labels
FROM live l
LEFT JOIN shapes s USING (task_no, ann_no, region_id)
LEFT JOIN drawn d USING (task_no, ann_no, region_id)
LEFT JOIN named n USING (task_no, ann_no, region_id);

-- Where a timeline stands open: the longest framesCount among the task's regions, else what its data says.
CREATE OR REPLACE TEMP TABLE lengths AS
SELECT
  task_no,
  coalesce(
    max(TRY_CAST(i.value ->> 'framesCount' AS BIGINT)),
    any_value(coalesce(
      TRY_CAST(data ->> 'framesCount' AS BIGINT), TRY_CAST(data ->> 'frames_count' AS BIGINT),
      TRY_CAST(data ->> 'frame_count' AS BIGINT), TRY_CAST(data ->> 'total_frames' AS BIGINT)))) AS last_frame
FROM tasks LEFT JOIN items i USING (task_no)
GROUP BY task_no;

CREATE OR REPLACE TEMP TABLE ranges AS
SELECT task_no, ann_no, item_no, range_no,
  coalesce(TRY_CAST(TRY_CAST(range ->> 'start' AS DOUBLE) AS BIGINT), 1) AS start_frame,
  coalesce(TRY_CAST(TRY_CAST(range ->> 'end' AS DOUBLE) AS BIGINT), last_frame) AS end_frame
FROM (
  SELECT task_no, ann_no, item_no,
    unnest(json_extract(value, '$.ranges[*]')) AS range,
    generate_subscripts(json_extract(value, '$.ranges[*]'), 1) AS range_no
  FROM regions WHERE kind = 'segment')
JOIN lengths USING (task_no);

-- Key frames: of two on one frame the later in the file counts.
CREATE OR REPLACE TEMP TABLE keyframes AS
SELECT * EXCLUDE (key, key_no),
  lead({frame: frame, x: x, y: y, w: w, h: h, r: r}) OVER (PARTITION BY task_no, ann_no, item_no ORDER BY frame) AS next
FROM (
  SELECT task_no, ann_no, item_no, key, key_no,
    TRY_CAST(key ->> 'frame' AS BIGINT) AS frame,
    coalesce(TRY_CAST(key ->> 'enabled' AS BOOLEAN), true) AS enabled,
    TRY_CAST(key ->> 'x' AS DOUBLE) AS x, TRY_CAST(key ->> 'y' AS DOUBLE) AS y,
    TRY_CAST(key ->> 'width' AS DOUBLE) AS w, TRY_CAST(key ->> 'height' AS DOUBLE) AS h,
    coalesce(TRY_CAST(key ->> 'rotation' AS DOUBLE), 0) AS r
  FROM (
    SELECT task_no, ann_no, item_no,
      unnest(json_extract(value, '$.sequence[*]')) AS key,
      generate_subscripts(json_extract(value, '$.sequence[*]'), 1) AS key_no
    FROM regions WHERE kind = 'track')
  QUALIFY row_number() OVER (PARTITION BY task_no, ann_no, item_no, frame ORDER BY key_no DESC) = 1);

CREATE OR REPLACE TEMP TABLE shaped AS
SELECT
  r.*,
  TRY_CAST(value ->> 'x' AS DOUBLE) AS x, TRY_CAST(value ->> 'y' AS DOUBLE) AS y,
  TRY_CAST(value ->> 'width' AS DOUBLE) AS w, TRY_CAST(value ->> 'height' AS DOUBLE) AS h,
  coalesce(TRY_CAST(value ->> 'rotation' AS DOUBLE), 0) AS r,
  original_width > 0 AND original_height > 0 AS sized
FROM regions r;

CREATE OR REPLACE TEMP TABLE verdicts AS
SELECT s.*,
  CASE
    WHEN kind = 'other' OR kind IN ('labels', 'control') AND owner_no IS NULL THEN 'unsupported-type'
    WHEN kind IN ('labels', 'control') THEN NULL
    WHEN len(labels) = 0 THEN 'no-label'
    WHEN kind = 'keypoint' AND (x IS NULL OR y IS NULL) THEN 'no-geometry'
    WHEN kind = 'box' AND (x IS NULL OR y IS NULL OR w IS NULL OR h IS NULL) THEN 'no-geometry'
    WHEN kind = 'segment' AND coalesce(g.ranges, 0) = 0 THEN 'no-geometry'
    WHEN kind = 'segment' AND g.backwards THEN 'no-geometry'
    WHEN kind = 'track' AND coalesce(k.complete, false) IS NOT TRUE THEN 'no-geometry'
    WHEN origin = 'prediction' AND NOT accept_untouched THEN 'untouched-prediction'
    WHEN kind = 'segment' AND g.endless THEN 'open-end'
  END AS reason
FROM shaped s
CROSS JOIN rules
LEFT JOIN (
  SELECT task_no, ann_no, item_no, count(*) AS ranges, bool_or(end_frame IS NULL) AS endless,
    coalesce(bool_or(end_frame < start_frame), false) AS backwards
  FROM ranges GROUP BY ALL) g USING (task_no, ann_no, item_no)
LEFT JOIN (
  SELECT task_no, ann_no, item_no,
    bool_and(frame IS NOT NULL AND x IS NOT NULL AND y IS NOT NULL AND w IS NOT NULL AND h IS NOT NULL) AS complete
  FROM keyframes GROUP BY ALL) k USING (task_no, ann_no, item_no);

-- What hangs on a region that falls, falls with it.
CREATE OR REPLACE TEMP TABLE fallen AS
SELECT v.task_no, v.ann_no, v.item_no, v.task_id, v.annotation_id, v.region_id, v.kind,
  coalesce(v.reason, CASE WHEN v.kind IN ('labels', 'control') THEN o.reason END) AS reason
FROM verdicts v
LEFT JOIN verdicts o ON o.task_no = v.task_no AND o.ann_no = v.ann_no AND o.item_no = v.owner_no
WHERE coalesce(v.reason, CASE WHEN v.kind IN ('labels', 'control') THEN o.reason END) IS NOT NULL;

-- One candidate a region and label, and a segment's range.
CREATE OR REPLACE TEMP TABLE candidates AS
SELECT row_number() OVER (ORDER BY task_no, ann_no, item_no, label_no, range_no) AS cand, *
FROM (
  SELECT v.* EXCLUDE (labels, reason, value), unnest(labels) AS label, generate_subscripts(labels, 1) AS label_no
  FROM verdicts v
  WHERE reason IS NULL AND kind IN ('keypoint', 'box', 'segment', 'track'))
LEFT JOIN ranges USING (task_no, ann_no, item_no);
