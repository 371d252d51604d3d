-- The media of a task, each with its link, task_subdir, episode and frame: from the task's data, else from the path of
-- that medium. `objects` (tag, place) holds what a mapping or a labeling configuration says of object tags.

-- Every text of data that may be a link: a key's, or those of a key's list in order. A list's element may be an object
-- with one link in it. A picture that is embedded as data:image/… has no link.
CREATE OR REPLACE TEMP TABLE texts AS
WITH
keys AS (SELECT task_no, data, unnest(json_keys(data)) AS key FROM tasks),
elements AS (
  SELECT task_no, key, unnest(json_extract(data -> key, '$[*]')) AS element, generate_subscripts(json_extract(data -> key, '$[*]'), 1) - 1 AS pos
  FROM keys WHERE json_type(data -> key) = 'ARRAY'),
members AS (
  SELECT task_no, key, pos, unnest(json_keys(element)) AS member, element FROM elements WHERE json_type(element) = 'OBJECT')
SELECT task_no, key, list, pos, inside, nullif(text, CASE WHEN starts_with(text, 'data:') THEN text END) AS text, coalesce(starts_with(text, 'data:'), false) AS embedded
FROM (
  SELECT task_no, key, false AS list, 0 AS pos, false AS inside, data ->> key AS text FROM keys WHERE json_type(data -> key) = 'VARCHAR'
  UNION ALL
  SELECT task_no, key, true, pos, false, CASE json_type(element) WHEN 'VARCHAR' THEN element ->> '$' END FROM elements
  UNION ALL
  SELECT task_no, key, true, pos, true, element ->> member FROM members WHERE json_type(element -> member) = 'VARCHAR');

-- What a link is a path of: scheme and host or bucket, query and percent signs say nothing, backslashes are folders too.
-- Local storage has the path in d, and a storage that is resolved has its own link, in base64, in fileuri.
CREATE OR REPLACE TEMP TABLE paths AS
SELECT text, path, regexp_extract(lower(path), '\.([a-z0-9]{1,5})$', 1) AS extension
FROM (
  SELECT text, replace(url_decode(regexp_replace(coalesce(stored, local, plain), '^[A-Za-z][A-Za-z0-9+.-]*://[^/]*', '')), '\', '/') AS path
  FROM (
    SELECT text, regexp_extract(text, '^([^?]*)', 1) AS plain,
      list_filter(parameters, lambda p: starts_with(p, 'd='))[1][3:] AS local,
      decode(from_base64(rpad(encoded, ((len(encoded) + 3) // 4 * 4)::INTEGER, '='))) AS stored
    FROM (
      SELECT text, parameters, rtrim(translate(url_decode(list_filter(parameters, lambda p: starts_with(p, 'fileuri='))[1][9:]), '-_', '+/'), '=') AS encoded
      FROM (SELECT text, string_split(regexp_extract(text, '\?(.*)$', 1), '&') AS parameters FROM (SELECT DISTINCT text FROM texts WHERE text IS NOT NULL)))));

CREATE OR REPLACE MACRO is_video(extension) AS
  extension IN ('mp4', 'webm', 'avi', 'mov', 'mkv', 'm4v', 'mpg', 'mpeg', 'wmv', 'flv', 'ogv', 'm3u8');
CREATE OR REPLACE MACRO is_media(key, extension) AS key IN ('image', 'video') OR is_video(extension)
  OR extension IN ('jpg', 'jpeg', 'png', 'bmp', 'gif', 'webp', 'tif', 'tiff', 'svg', 'avif', 'heic', 'jp2', 'jfif');

-- What may be a medium though its name does not say so: an address or an absolute path without an extension.
CREATE OR REPLACE MACRO may_be_media(key, text, extension) AS is_media(key, extension) OR extension = '' AND regexp_matches(text, '^(/|[^ ]+://)');

-- Keys of data beside which nothing is a task's only medium; of an object it is not known which of its links is meant.
CREATE OR REPLACE TEMP TABLE possible AS
SELECT DISTINCT task_no, key FROM texts LEFT JOIN paths USING (text)
WHERE embedded OR text IS NOT NULL AND may_be_media(CASE WHEN inside THEN '' ELSE key END, text, extension)
UNION
SELECT task_no, key
FROM (SELECT task_no, key, unnest(json_extract_string(data -> key, '$.*')) AS text FROM (SELECT task_no, data, unnest(json_keys(data)) AS key FROM tasks) WHERE json_type(data -> key) = 'OBJECT')
WHERE regexp_matches(text, '^(data:|/|[^ ]+://)') OR regexp_matches(lower(text), '\.(jpe?g|png|mp4)$');

-- A key of data that names media, one link or a list of them.
CREATE OR REPLACE TEMP TABLE entries AS
SELECT task_no, key, any_value(list) AS list, list(text ORDER BY pos) AS links, bool_or(coalesce(media, false)) AS media,
  (task_no, key) IN (SELECT (task_no, key) FROM possible) AS possible
FROM (
  -- One element of the list: its text, or the only link of its members.
  SELECT task_no, key, any_value(list) AS list, pos,
    CASE
      WHEN bool_or(NOT inside AND text IS NOT NULL) THEN any_value(text) FILTER (NOT inside)
      WHEN count(*) FILTER (inside AND may_be_media('', text, extension)) = 1 THEN any_value(text) FILTER (inside AND may_be_media('', text, extension))
    END AS text,
    bool_or(is_media(CASE WHEN inside THEN '' ELSE key END, extension)) AS media
  FROM texts LEFT JOIN paths USING (text)
  GROUP BY task_no, key, pos)
GROUP BY task_no, key
HAVING count(text) > 0 OR NOT any_value(list);

-- What a task is about where its regions do not say it.
CREATE OR REPLACE TEMP TABLE mains AS
SELECT task_no, list_filter(links, lambda link: link IS NOT NULL)[1] AS main
FROM entries WHERE media
QUALIFY row_number() OVER (PARTITION BY task_no ORDER BY CASE key WHEN 'image' THEN 0 WHEN 'video' THEN 1 ELSE 2 END, key) = 1;

-- A tag's number, and the list that it may be a place in: of the tag's name, of its plural, or the only medium of the task.
CREATE OR REPLACE TEMP TABLE numbered AS
WITH
tags AS (
  SELECT DISTINCT task_no, to_name, regexp_extract(to_name, '^(.*?)[0-9]+$', 1) AS stem, TRY_CAST(regexp_extract(to_name, '[0-9]+$') AS INTEGER) AS number
  FROM items WHERE regexp_matches(to_name, '[0-9]$')
    -- Where regions of the tag say which of a list they are on, its number does not.
    AND (task_no, to_name) NOT IN (SELECT (task_no, to_name) FROM items WHERE item_index IS NOT NULL AND to_name IS NOT NULL)),
named AS (SELECT *, rtrim(stem, '_-.') AS name, count(*) FILTER (possible) OVER (PARTITION BY task_no, to_name) AS alls
  FROM tags JOIN entries USING (task_no))
SELECT task_no, to_name, number, links
FROM named
WHERE list AND possible AND (
  key = name OR key IN (name || 's', name || 'es', name || '_list', name || 'List') AND name <> '' OR alls = 1 AND name <> stem)
QUALIFY row_number() OVER (PARTITION BY task_no, to_name ORDER BY key <> name, key NOT IN (name || 's', name || 'es', name || '_list', name || 'List')) = 1;

-- The media that a task's regions are on, and what each shows: by the mapping, the key of the tag's name, the tag's number,
-- or since the task has only one.
CREATE OR REPLACE TEMP TABLE media AS
WITH
wanted AS (
  SELECT DISTINCT task_no, to_name, place FROM items
  WHERE kind IN ('keypoint', 'box', 'polygon', 'segment', 'track', 'control')),
lone AS (SELECT task_no, any_value(list) AS list, any_value(links) AS links FROM entries WHERE possible GROUP BY task_no HAVING count(*) = 1),
shown AS (
  SELECT w.*, main, (w.task_no, w.to_name) IN (SELECT (task_no, to_name) FROM items WHERE item_index IS NOT NULL AND to_name IS NOT NULL) AS indexed,
    CASE
      WHEN o.tag IS NOT NULL THEN
        CASE json_type(json_extract(data, o.place))
          WHEN 'ARRAY' THEN {
            link: json_extract_string(json_extract(data, o.place), '$[*]')[w.place + 1], list: true, pos: w.place}
          WHEN 'VARCHAR' THEN {link: json_extract_string(data, o.place), list: false, pos: w.place}
        END
      WHEN n.key IS NOT NULL THEN
        CASE
          WHEN n.list THEN {link: n.links[w.place + 1], list: true, pos: w.place}
          -- A tag may show a caption, which is no link.
          WHEN w.place = 0 THEN {
            known: true, link: CASE WHEN n.media OR NOT contains(n.links[1], ' ') AND (starts_with(n.links[1], '/') OR contains(n.links[1], '://')) THEN n.links[1] END,
            list: false, pos: 0}
        END
      WHEN b.number IS NOT NULL THEN {link: b.links[b.number + 1], list: false, pos: b.number}
      WHEN y.list THEN {link: y.links[w.place + 1], list: true, pos: w.place}
      WHEN NOT y.list AND w.place = 0 THEN {link: y.links[1], list: false, pos: 0}
    END AS shows
  FROM wanted w
  JOIN tasks t USING (task_no)
  LEFT JOIN mains m USING (task_no)
  LEFT JOIN objects o ON o.tag = w.to_name
  LEFT JOIN entries n ON n.task_no = w.task_no AND n.key = w.to_name
  LEFT JOIN numbered b ON b.task_no = w.task_no AND b.to_name = w.to_name
  LEFT JOIN lone y ON y.task_no = w.task_no)
SELECT task_no, to_name, place,
  coalesce(shows.list, false) AS list,
  -- A numbered tag of which nothing is known is on some element of a mapped list; any other is where its index says.
  coalesce(shows.pos, CASE WHEN regexp_matches(to_name, '[0-9]$') AND NOT indexed THEN -1 ELSE place END) AS pos,
  shows.link AS link,
  -- Where nothing says which medium it is, or it has no link, the one that the task names first says more than nothing.
  coalesce(shows.link, main) AS guessed_from
FROM shown;

-- Links without what a store signs anew at each export, which is known by its signature.
CREATE OR REPLACE MACRO renewed(name, names) AS
     list_contains(names, 'x-amz-signature') AND starts_with(name, 'x-amz-')
  OR list_contains(names, 'x-goog-signature') AND starts_with(name, 'x-goog-')
  OR list_contains(names, 'signature') AND name IN ('signature', 'expires', 'key-pair-id', 'policy', 'awsaccesskeyid', 'googleaccessid')
  OR list_contains(names, 'sig') AND list_has_any(names, ['se', 'sp', 'sv']) AND name IN ('sig', 'se', 'sp', 'sv', 'st', 'sr', 'spr');
CREATE OR REPLACE MACRO name_of(parameter) AS lower(regexp_extract(parameter, '^[^=]*'));

CREATE OR REPLACE TEMP TABLE links AS
SELECT link, CASE
    WHEN NOT contains(link, '?') OR len(kept) = len(parameters) THEN link
    ELSE regexp_extract(link, '^[^?]*') || CASE WHEN len(kept) > 0 THEN '?' || array_to_string(kept, '&') ELSE '' END
  END AS lasting
FROM (
  SELECT *, list_filter(parameters, lambda p: NOT renewed(name_of(p), names)) AS kept
  FROM (
    SELECT link, parameters, list_transform(parameters, lambda p: name_of(p)) AS names
    FROM (SELECT DISTINCT link, string_split(regexp_extract(link, '\?([^#]*)', 1), '&') AS parameters FROM media WHERE link IS NOT NULL)));

-- A text or number of data; of a list, as one tag over several media has it, the medium's own.
CREATE OR REPLACE MACRO scalar(json) AS CASE
  WHEN json_type(json) IN ('VARCHAR', 'BIGINT', 'UBIGINT', 'HUGEINT') THEN json ->> '$'
  WHEN json_type(json) = 'DOUBLE' THEN regexp_replace(json ->> '$', '\.0$', '') END;
CREATE OR REPLACE MACRO field(data, key, pos) AS scalar(
  CASE json_type(data -> key) WHEN 'ARRAY' THEN json_extract(data -> key, '$[*]')[pos + 1] ELSE data -> key END);

CREATE OR REPLACE TEMP TABLE fields AS
SELECT
  task_no,
  to_name,
  place,
  list,
  lasting AS media,
  coalesce(field(data, 'task_subdir', pos), CASE WHEN video THEN parts[-2] ELSE parts[-3] END, '') AS task_subdir,
  coalesce(field(data, 'episode', pos), CASE WHEN video THEN stem ELSE coalesce(parts[-2], stem) END, '') AS episode,
  coalesce(
    TRY_CAST(field(data, 'frame', pos) AS BIGINT),
    CASE WHEN NOT video THEN TRY_CAST(regexp_extract(stem, '[0-9]+$') AS BIGINT) END,
    0) AS frame
FROM (
  SELECT task_no, to_name, place, list, pos, link, video, parts, regexp_replace(parts[-1], '\.[^.]*$', '') AS stem
  FROM (
    SELECT m.*, is_video(extension) AS video,
      -- Label Studio's own upload folders say nothing, nor does the prefix that it gives to names.
      list_filter(
        string_split(regexp_replace(regexp_replace(path, '^/', ''), '^data/upload/([0-9]+/)?([0-9a-f]{8}-)?', ''), '/'),
        lambda part: part NOT IN ('', '.', '..')) AS parts
    FROM media m LEFT JOIN paths p ON p.text = m.guessed_from))
JOIN tasks USING (task_no)
LEFT JOIN links USING (link);
