-- task_subdir, episode and frame of a task: from its data, else from the path of its image or video.

CREATE OR REPLACE TEMP TABLE media AS
SELECT task_no, path, regexp_matches(lower(path), '\.(mp4|webm|avi|mov|mkv|m4v|mpg|mpeg|wmv|flv|ogv|3gp)$') AS video
FROM (
  SELECT
    task_no,
    -- Backslashes are folders too; scheme and host or bucket, and Label Studio's own upload folders, say nothing.
    regexp_replace(
      regexp_replace(
        replace(CASE WHEN contains(raw, '?d=') THEN url_decode(regexp_extract(raw, '\?d=([^&]*)', 1))
                     ELSE url_decode(regexp_extract(raw, '^([^?#]*)', 1)) END, '\', '/'),
        '^[A-Za-z][A-Za-z0-9+.-]*://[^/]*/', ''),
      '^/?data/upload/([0-9]+/)?([0-9a-f]{8}-)?', '') AS path
  FROM (
    SELECT
      task_no,
      coalesce(
        CASE WHEN json_type(data -> 'image') = 'VARCHAR' THEN data ->> 'image' END,
        CASE WHEN json_type(data -> 'video') = 'VARCHAR' THEN data ->> 'video' END,
        (SELECT first(data ->> k ORDER BY k) FROM (SELECT unnest(json_keys(data)) AS k)
         WHERE json_type(data -> k) = 'VARCHAR'
           AND regexp_matches(lower(data ->> k), '\.(jpg|jpeg|png|bmp|gif|webp|tif|tiff|mp4|webm|avi|mov|mkv|m4v)$'))) AS raw
    FROM tasks));

CREATE OR REPLACE TEMP TABLE fields AS
SELECT
  task_no,
  coalesce(
    data ->> 'task_subdir',
    CASE WHEN video THEN parts[-2] ELSE parts[-3] END,
    '') AS task_subdir,
  coalesce(
    data ->> 'episode',
    CASE WHEN video THEN stem ELSE coalesce(parts[-2], stem) END,
    '') AS episode,
  coalesce(
    TRY_CAST(data ->> 'frame' AS BIGINT),
    CASE WHEN NOT video THEN TRY_CAST(regexp_extract(stem, '[0-9]+$') AS BIGINT) END,
    0) AS frame
FROM (
  SELECT task_no, video, parts, regexp_replace(parts[-1], '\.[^.]*$', '') AS stem
  FROM (SELECT task_no, video, list_filter(string_split(path, '/'), lambda part: part <> '') AS parts FROM media))
JOIN tasks USING (task_no);
