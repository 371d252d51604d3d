-- The export as Label Studio wrote it: a row a task, an annotation, a result item. Nothing is dropped here but what is
-- there once more: a task or an annotation with an id that was met before is that one again.

CREATE OR REPLACE TEMP TABLE tasks AS
SELECT * FROM (
  SELECT
    row_number() OVER () AS task_no,
    TRY_CAST(json ->> 'id' AS BIGINT) AS task_id,
    json -> 'data' AS data,
    json_extract(json, '$.annotations[*]') AS annotations
  FROM read_json_objects(getvariable('export'), format = 'array', maximum_object_size = 268435456))
QUALIFY task_id IS NULL OR row_number() OVER (PARTITION BY task_id ORDER BY task_no) = 1;

CREATE OR REPLACE TEMP TABLE annotations AS
SELECT * FROM (
  SELECT
    task_no,
    task_id,
    ann_no,
    TRY_CAST(ann ->> 'id' AS BIGINT) AS annotation_id,
    -- completed_by is a number, an object with an id, or says nothing; who is not named is somebody of his own.
    coalesce(person, 'unnamed ' || ann_no) AS annotator,
    TRY_CAST(person AS BIGINT) AS person,
    coalesce(TRY_CAST(ann ->> 'was_cancelled' AS BOOLEAN), false) AS cancelled,
    coalesce(TRY_CAST(ann ->> 'ground_truth' AS BOOLEAN), false) AS ground_truth,
    json_extract(ann, '$.result[*]') AS result
  FROM (
    SELECT *, CASE json_type(ann -> 'completed_by') WHEN 'OBJECT' THEN ann ->> '$.completed_by.id' ELSE ann ->> 'completed_by' END AS person
    FROM (SELECT task_no, task_id, unnest(annotations) AS ann, generate_subscripts(annotations, 1) AS ann_no FROM tasks)))
QUALIFY annotation_id IS NULL OR row_number() OVER (PARTITION BY task_no, annotation_id ORDER BY ann_no) = 1;

CREATE OR REPLACE TEMP TABLE items AS
SELECT
  task_no,
  task_id,
  ann_no,
  annotation_id,
  annotator,
  person,
  item_no,
  item ->> 'id' AS region_id,
  item ->> 'type' AS type,
  item ->> 'from_name' AS from_name,
  item ->> 'to_name' AS to_name,
  TRY_CAST(item ->> 'item_index' AS INTEGER) AS item_index,
  -- Left out, it is the first.
  coalesce(TRY_CAST(item ->> 'item_index' AS INTEGER), 0) AS place,
  coalesce(item ->> 'origin', 'manual') AS origin,
  item ->> 'parentID' AS parent_id,
  item -> 'value' AS value,
  TRY_CAST(item ->> 'original_width' AS DOUBLE) AS original_width,
  TRY_CAST(item ->> 'original_height' AS DOUBLE) AS original_height,
  CASE
    WHEN item ->> 'type' = 'relation' THEN 'relation'
    WHEN item ->> 'type' IN ('keypointlabels', 'keypoint') THEN 'keypoint'
    WHEN item ->> 'type' IN ('rectanglelabels', 'rectangle') THEN 'box'
    WHEN item ->> 'type' IN ('polygonlabels', 'polygon') THEN 'polygon'
    WHEN item ->> 'type' = 'timelinelabels' OR json_exists(item, '$.value.timelinelabels') THEN 'segment'
    WHEN item ->> 'type' = 'videorectangle' THEN 'track'
    WHEN item ->> 'type' = 'labels' THEN 'labels'
    WHEN item ->> 'type' IN ('choices', 'textarea', 'number', 'rating', 'datetime', 'taxonomy') THEN 'control'
    ELSE 'other'
  END AS kind
FROM (
  SELECT * EXCLUDE (result), unnest(result) AS item, generate_subscripts(result, 1) AS item_no
  FROM annotations
  WHERE len(result) > 0);
