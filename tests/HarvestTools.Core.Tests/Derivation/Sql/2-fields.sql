-- Which image or video a tag shows, and task_subdir, episode and frame of what is on it: from the task's data, else from the
-- path of the image or video.

CREATE OR REPLACE MACRO is_medium(link) AS regexp_matches(lower(regexp_extract(link, '^([^?#]*)', 1)),
  '\.(jpg|jpeg|png|bmp|gif|webp|tif|tiff|svg|avif|heic|jp2|jfif|mp4|webm|avi|mov|mkv|m4v|mpg|mpeg|wmv|flv|ogv|m3u8)$')
  OR contains(link, '?d=') AND regexp_matches(lower(link), '\.(jpg|jpeg|png|bmp|gif|webp|tif|tiff|mp4|webm|avi|mov|mkv|m4v)$');

-- Texts of data, and texts in its lists. A picture that is embedded in the data has no link.
CREATE OR REPLACE TEMP TABLE links AS
SELECT * EXCLUDE (raw), CASE WHEN NOT starts_with(raw, 'data:') THEN raw END AS link FROM (
  SELECT task_no, key, false AS is_list, 0 AS place, data ->> key AS raw
  FROM (SELECT task_no, data, unnest(json_keys(data)) AS key FROM tasks) WHERE json_type(data -> key) = 'VARCHAR'
  UNION ALL
  SELECT task_no, key, true, place, CASE json_type(element)
    WHEN 'VARCHAR' THEN element ->> '$'
    -- Of an object its only link.
    WHEN 'OBJECT' THEN list_filter(list_transform(json_keys(element), lambda k: element ->> k), lambda text: is_medium(text))[1] END
  FROM (
    SELECT task_no, key, unnest(json_extract(data -> key, '$[*]')) AS element, generate_subscripts(json_extract(data -> key, '$[*]'), 1) - 1 AS place
    FROM (SELECT task_no, data, unnest(json_keys(data)) AS key FROM tasks) WHERE json_type(data -> key) = 'ARRAY'));

CREATE OR REPLACE TEMP TABLE entries AS
SELECT task_no, key, any_value(is_list) AS is_list, count(*) AS links, coalesce(bool_or(key IN ('image', 'video') OR is_medium(link)), false) AS is_media,
  first(link ORDER BY place) FILTER (link IS NOT NULL) AS first_link
FROM links GROUP BY task_no, key HAVING count(link) > 0 OR NOT any_value(is_list);

-- What a task is about where no region says it.
CREATE OR REPLACE TEMP TABLE mains AS
SELECT task_no, first(first_link ORDER BY CASE key WHEN 'image' THEN 0 WHEN 'video' THEN 1 ELSE 2 END, key) AS main
FROM entries WHERE is_media GROUP BY task_no;

CREATE OR REPLACE TEMP TABLE media AS
SELECT m.*,
  coalesce(named.key, numbered.key, only_one.key) AS key,
  named.key IS NULL AND numbered.key IS NOT NULL AS by_number,
  CASE WHEN by_number THEN number ELSE idx END AS place
FROM (
  SELECT task_no, to_name, idx, regexp_extract(to_name, '^(.*?)([_.-]*)[0-9]+$', 1) AS name,
    regexp_matches(to_name, '[_.-][0-9]+$') AS separated, TRY_CAST(regexp_extract(to_name, '[0-9]+$') AS INTEGER) AS number
  FROM items WHERE kind NOT IN ('labels', 'relation', 'other') GROUP BY ALL) m
LEFT JOIN (SELECT task_no, to_name, bool_or(item_index IS NOT NULL) AS indexed FROM items GROUP BY ALL) USING (task_no, to_name)
-- A key of the tag's name; else a numbered tag over a list; else the task's only medium.
LEFT JOIN entries named ON named.task_no = m.task_no AND named.key = m.to_name
LEFT JOIN (
  SELECT task_no, key, count(*) OVER (PARTITION BY task_no) AS lists FROM entries WHERE is_list AND is_media) numbered
  ON numbered.task_no = m.task_no AND NOT indexed AND number IS NOT NULL
    AND (numbered.key IN (name, name || 's', name || 'es', name || '_list', name || 'List') OR lists = 1 AND separated)
LEFT JOIN (
  SELECT task_no, any_value(key) AS key FROM entries WHERE is_media GROUP BY task_no HAVING count(*) = 1) only_one
  ON only_one.task_no = m.task_no;

CREATE OR REPLACE TEMP TABLE shown_media AS
SELECT m.task_no, m.to_name, m.idx, coalesce(is_list AND NOT by_number, false) AS is_list,
  CASE
    WHEN is_list THEN link
    WHEN m.place = 0 AND (is_media OR link LIKE '/%' OR link LIKE '%://%') AND NOT (NOT is_media AND contains(link, ' ')) THEN link
  END AS link
FROM media m
LEFT JOIN entries USING (task_no, key)
LEFT JOIN (SELECT * EXCLUDE (is_list) FROM links) USING (task_no, key, place);

CREATE OR REPLACE TEMP TABLE fields AS
SELECT
  task_no, to_name, idx, is_list, link,
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
  SELECT *, regexp_replace(parts[-1], '\.[^.]*$', '') AS stem,
    regexp_matches(lower(path), '\.(mp4|webm|avi|mov|mkv|m4v|mpg|mpeg|wmv|flv|ogv|3gp)$') AS video
  FROM (SELECT *, list_filter(string_split(path, '/'), lambda part: part <> '') AS parts FROM (
    SELECT *,
      -- Backslashes are folders too; scheme and host or bucket, and Label Studio's own upload folders, say nothing.
      regexp_replace(
        regexp_replace(
          replace(CASE WHEN contains(raw, '?d=') THEN url_decode(regexp_extract(raw, '\?d=([^&]*)', 1))
                       ELSE url_decode(regexp_extract(raw, '^([^?#]*)', 1)) END, '\', '/'),
          '^[A-Za-z][A-Za-z0-9+.-]*://[^/]*/', ''),
        '^/?data/upload/([0-9]+/)?([0-9a-f]{8}-)?', '') AS path
    FROM (SELECT s.*, coalesce(link, main) AS raw FROM shown_media s LEFT JOIN mains USING (task_no)))))
JOIN tasks USING (task_no);
