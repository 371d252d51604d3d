-- Every item of every result list is found in the engine's tables, once and only once: the items as they stand in the
-- JSON against `found_*`, the Parquet files. It holds for exports whose ids are unique (a task's, an annotation's in
-- the task, a region's in the annotation). What goes by an id: the region itself, of one item or several, and what belongs
-- to it, that is its controls and the item that labels a bare shape. Regions with several ranges, which the editor does not
-- write, have no fate as a whole and are left to the comparison of the tables.

CREATE OR REPLACE TEMP TABLE kept AS
SELECT DISTINCT task_id, annotation_id, region_id, from_name, label, annotators, attributes FROM (
  FROM (SELECT task_id, annotation_id, region_id, from_name, label, annotators, attributes FROM found_keypoints)
  UNION ALL (SELECT task_id, annotation_id, region_id, from_name, label, annotators, attributes FROM found_boxes)
  UNION ALL (SELECT task_id, annotation_id, region_id, from_name, label, annotators, attributes FROM found_actions)
  UNION ALL (SELECT task_id, annotation_id, region_id, from_name, label, annotators, attributes FROM found_polygons)
  UNION ALL (SELECT task_id, annotation_id, region_id, from_name, label, annotators, attributes FROM found_choices));

CREATE OR REPLACE TEMP TABLE rejections AS
SELECT task_id, annotation_id, region_id,
  count(*) AS rejected,
  count(*) FILTER (reason IN ('cancelled', 'empty', 'superseded')) AS whole,
  count(*) FILTER (reason IN ('unsupported-type', 'no-label', 'no-geometry', 'untouched-prediction', 'open-end')) AS early
FROM found_rejected GROUP BY ALL;

CREATE OR REPLACE TEMP TABLE whole AS
SELECT a.task_no, a.ann_no, a.task_id, a.annotation_id, len(a.result) AS items, coalesce(r.whole, 0) AS times
FROM annotations a
LEFT JOIN rejections r ON r.task_id = a.task_id AND r.annotation_id IS NOT DISTINCT FROM a.annotation_id AND r.region_id IS NULL;

CREATE OR REPLACE TEMP TABLE asked AS
SELECT task_id, annotation_id, region_id,
  count(*) FILTER (NOT stray) AS items,
  -- What has the id of a region on another medium belongs to none.
  count(*) FILTER (stray) AS strays,
  count(*) FILTER (shape OR drawn = 0) AS shapes,
  -- A bare shape that has no labels, because another shape of its region holds them, is no loss.
  count(*) FILTER (shape AND len(labels) = 0 AND has_labels AND NOT labelled_apart) AS bare,
  count(*) FILTER (NOT shape AND drawn > 0 AND NOT stray) AS belonging,
  len(list_distinct(flatten(list(CASE WHEN drawn > 0 THEN labels WHEN kind = 'control' THEN [coalesce(from_name, type)] ELSE [] END)))) AS labels,
  list(from_name) FILTER (kind = 'control' AND drawn > 0 AND NOT stray) AS controls
FROM (
  SELECT *,
    count(*) FILTER (kind NOT IN ('control', 'relation')) OVER region AS drawn,
    bool_or(shape AND len(labels) > 0) OVER region AS has_labels,
    bool_or(kind = 'labels' AND len(labels) > 0) OVER region AS labelled_apart,
    kind IN ('control', 'labels') AND to_name IS NOT NULL AND NOT coalesce(list_contains(
      list(concat(to_name, '#', place)) FILTER (kind NOT IN ('control', 'labels', 'relation')) OVER region
      || list(concat(to_name, '#')) FILTER (kind NOT IN ('control', 'labels', 'relation')) OVER region,
      concat(to_name, '#', item_index)), true) AS stray,
    max(coalesce(json_array_length(value -> 'ranges'), 0)) OVER region AS ranges
  FROM (
    SELECT *, kind IN ('keypoint', 'box', 'polygon', 'segment', 'track') AS shape,
      -- The same label of two controls is two labels.
      list_transform(list_filter(coalesce(
        json_extract_string(value, '$.keypointlabels[*]') || json_extract_string(value, '$.rectanglelabels[*]')
        || json_extract_string(value, '$.polygonlabels[*]') || json_extract_string(value, '$.timelinelabels[*]')
        || json_extract_string(value, '$.labels[*]'), []), lambda label: label <> ''), lambda label: concat(from_name, ' offers ', label)) AS labels
    FROM items
    WHERE (task_no, ann_no) IN (SELECT (task_no, ann_no) FROM whole WHERE times = 0))
  WINDOW region AS (PARTITION BY task_no, ann_no, region_id))
WHERE ranges < 2
GROUP BY ALL;

-- A region that agreed with another's is not found by its own id: it is missing in `asked`, and counted by the other's
-- row as one more annotator.
CREATE OR REPLACE TEMP TABLE answered AS
SELECT a.*, coalesce(k.kept, 0) AS kept, coalesce(r.rejected, 0) - strays AS rejected, coalesce(r.early, 0) - strays AS early, k.told,
  CASE
    -- Regions and relations without an id cannot be told apart here; that they are not all lost must do.
    WHEN a.region_id IS NULL THEN
      CASE WHEN coalesce(k.kept, 0) + coalesce(r.rejected, 0) - coalesce(r.whole, 0) BETWEEN 1 AND items THEN 0 ELSE items END
    WHEN coalesce(r.early, 0) > strays OR shapes = 0 THEN 0
    WHEN coalesce(k.kept, 0) = 0 AND coalesce(r.rejected, 0) - strays = labels + belonging THEN 0
    ELSE labels - coalesce(k.kept, 0) - coalesce(r.rejected, 0) + strays
  END AS merged
FROM asked a
LEFT JOIN (
  SELECT task_id, annotation_id, region_id, count(*) AS kept, coalesce(json_keys(any_value(attributes)), []) AS told
  FROM kept GROUP BY ALL) k
  ON k.task_id = a.task_id AND k.annotation_id IS NOT DISTINCT FROM a.annotation_id AND k.region_id IS NOT DISTINCT FROM a.region_id
LEFT JOIN rejections r
  ON r.task_id = a.task_id AND r.annotation_id IS NOT DISTINCT FROM a.annotation_id AND r.region_id IS NOT DISTINCT FROM a.region_id;

CREATE OR REPLACE TEMP TABLE met AS
SELECT DISTINCT task_id, annotation_id, region_id FROM items
UNION
SELECT task_id, annotation_id, NULL FROM annotations;

CREATE OR REPLACE TEMP TABLE faults AS
SELECT task_id, annotation_id, region_id, fault
FROM (
  SELECT task_id, annotation_id, region_id, CASE
    WHEN region_id IS NOT NULL AND (shapes = 0 OR early > 0) AND (kept > 0 OR early <> items - bare OR rejected <> items - bare)
      THEN 'dropped as a whole, but not each item once'
    WHEN merged < 0 THEN 'more places than labels'
    WHEN kept > 0 AND NOT list_has_all(told, coalesce(controls, [])) THEN 'a control is not among the attributes'
  END AS fault
  FROM answered
  UNION ALL
  SELECT task_id, annotation_id, NULL, CASE
    WHEN times > 1 THEN 'rejected more than once'
    WHEN times = 0 AND coalesce(items, 0) = 0 THEN 'without regions, and not rejected'
  END FROM whole
  UNION ALL
  -- A row counts people; a person who annotated the task twice may stand behind it with two regions.
  SELECT task_id, NULL, NULL,
    CASE WHEN coalesce(m.merged, 0) <> coalesce(o.others, 0) AND (coalesce(m.merged, 0) < coalesce(o.others, 0) OR o.others IS NULL OR NOT twice)
      THEN coalesce(m.merged, 0) || ' regions are nowhere, ' || coalesce(o.others, 0) || ' stand behind another row' END
  FROM (SELECT task_id, sum(merged) AS merged FROM answered GROUP BY ALL) m
  FULL JOIN (
    SELECT task_id, sum(annotators - 1) AS others FROM kept WHERE region_id IS NOT NULL
    GROUP BY ALL) o USING (task_id)
  JOIN (
    SELECT task_id, count(*) > count(DISTINCT annotator) AS twice
    FROM annotations JOIN whole USING (task_no, ann_no, task_id) WHERE times = 0 GROUP BY ALL) USING (task_id)
  WHERE task_id NOT IN (SELECT task_id FROM items WHERE json_array_length(value -> 'ranges') > 1)
  UNION ALL
  -- And the other way round: no id in a table that the export does not have.
  SELECT task_id, annotation_id, region_id, 'not in the export' FROM kept k
  WHERE NOT EXISTS (FROM met a WHERE a.task_id = k.task_id AND a.annotation_id IS NOT DISTINCT FROM k.annotation_id AND a.region_id IS NOT DISTINCT FROM k.region_id)
  UNION ALL
  SELECT task_id, annotation_id, region_id, 'rejected, but not in the export' FROM rejections r
  WHERE whole = 0 AND NOT EXISTS (FROM met a WHERE a.task_id = r.task_id AND a.annotation_id IS NOT DISTINCT FROM r.annotation_id AND a.region_id IS NOT DISTINCT FROM r.region_id))
WHERE fault IS NOT NULL;
