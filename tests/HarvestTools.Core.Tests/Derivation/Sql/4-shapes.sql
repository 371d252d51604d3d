-- Boxes in pixels, tracks frame by frame. Where people are compared the size that others have of the medium stands in for a
-- missing one; without any, percents count as on an image of 1000 x 1000.

-- From an enabled key frame to the next all values run linearly; after the last they hold through framesCount, and up to
-- one without geometry through the frame before it; a disabled one shows on its own frame alone.
CREATE OR REPLACE TEMP TABLE track_frames AS
SELECT
  task_no, ann_no, item_no, shown AS frame, shown = frame AS is_key,
  x + coalesce((next.x - x) * share, 0) AS x,
  y + coalesce((next.y - y) * share, 0) AS y,
  w + coalesce((next.w - w) * share, 0) AS w,
  h + coalesce((next.h - h) * share, 0) AS h,
  r + coalesce((next.r - r) * share, 0) AS r
FROM (
  SELECT *, (shown - frame) / (next.frame - frame) AS share
  FROM (
    SELECT k.*, unnest(generate_series(k.frame, k.last_frame)) AS shown
    FROM keyframes k JOIN verdicts v USING (task_no, ann_no, item_no)
    WHERE v.reason IS NULL));

CREATE OR REPLACE TEMP TABLE sizes AS
SELECT task_no, to_name, place, list_sort(list_distinct(list({w: original_width, h: original_height}))) AS sizes
FROM candidates WHERE sized GROUP BY ALL;

-- The size that distances of an item are taken on, and whether anybody knew it.
CREATE OR REPLACE TEMP TABLE scales AS
SELECT v.task_no, ann_no, item_no,
  CASE WHEN sized THEN original_width ELSE coalesce(sizes[1].w, 1000) END AS sw,
  CASE WHEN sized THEN original_height ELSE coalesce(sizes[1].h, 1000) END AS sh,
  coalesce(sized, false) OR sizes IS NOT NULL AS known
FROM verdicts v
LEFT JOIN sizes s ON s.task_no = v.task_no AND s.to_name IS NOT DISTINCT FROM v.to_name AND s.place = v.place;

-- Corners in pixels, clockwise from the one that is top left before turning. A box dragged backwards has a negative
-- width or height; it is first begun at its other end.
CREATE OR REPLACE TEMP TABLE quads AS
SELECT task_no, ann_no, item_no, frame, turned,
  [{x: px, y: py}, {x: px + pw * c, y: py + pw * s}, {x: px + pw * c - ph * s, y: py + pw * s + ph * c}, {x: px - ph * s, y: py + ph * c}] AS corners
FROM (
  SELECT task_no, ann_no, item_no, frame, c, s, abs(bw) AS pw, abs(bh) AS ph, turned,
    x0 + least(bw, 0) * c - least(bh, 0) * s AS px,
    y0 + least(bw, 0) * s + least(bh, 0) * c AS py
  FROM (
    SELECT task_no, ann_no, item_no, frame, fmod(r, 360) <> 0 AS turned, cos(radians(r)) AS c, sin(radians(r)) AS s,
      x / 100 * sw AS x0, y / 100 * sh AS y0, w / 100 * sw AS bw, h / 100 * sh AS bh
    FROM (
      SELECT task_no, ann_no, item_no, 0 AS frame, x, y, w, h, r FROM verdicts
      WHERE kind = 'box' AND x IS NOT NULL AND y IS NOT NULL AND w IS NOT NULL AND h IS NOT NULL
      UNION ALL
      SELECT task_no, ann_no, item_no, frame, x, y, w, h, r FROM track_frames)
    JOIN scales USING (task_no, ann_no, item_no)));

-- The largest distance of two boxes' corners, b begun at the corner that brings it nearest.
CREATE OR REPLACE MACRO corner_gap(a, b, turn) AS greatest(
  sqrt((a[1].x - b[1 + turn].x) ** 2 + (a[1].y - b[1 + turn].y) ** 2),
  sqrt((a[2].x - b[1 + (turn + 1) % 4].x) ** 2 + (a[2].y - b[1 + (turn + 1) % 4].y) ** 2),
  sqrt((a[3].x - b[1 + (turn + 2) % 4].x) ** 2 + (a[3].y - b[1 + (turn + 2) % 4].y) ** 2),
  sqrt((a[4].x - b[1 + (turn + 3) % 4].x) ** 2 + (a[4].y - b[1 + (turn + 3) % 4].y) ** 2));
CREATE OR REPLACE MACRO box_gap(a, b) AS
  least(corner_gap(a, b, 0), corner_gap(a, b, 1), corner_gap(a, b, 2), corner_gap(a, b, 3));

-- A millionth of a pixel is forgiven: percents of an image come with noise, and 5 px apart is within 5.
CREATE OR REPLACE MACRO within(gap, most) AS gap <= most + 1e-6;

-- Edges of upright boxes.
CREATE OR REPLACE MACRO edge_gap(a, b) AS greatest(
  abs(a[1].x - b[1].x), abs(a[1].y - b[1].y), abs(a[3].x - b[3].x), abs(a[3].y - b[3].y));

CREATE OR REPLACE MACRO boxes_agree(a, a_turned, b, b_turned, most) AS
  within(CASE WHEN a_turned OR b_turned THEN box_gap(a, b) ELSE edge_gap(a, b) END, most);

-- A polygon's vertices in pixels, and its sides; the last joins the first where it is closed, and a lone vertex is a side of
-- no length.
CREATE OR REPLACE TEMP TABLE vertices AS
SELECT task_no, ann_no, item_no, n, point[1] / 100 * sw AS x, point[2] / 100 * sh AS y
FROM (
  SELECT task_no, ann_no, item_no, unnest(points) AS point, generate_subscripts(points, 1) AS n
  FROM verdicts WHERE kind = 'polygon' AND reason IS NULL)
JOIN scales USING (task_no, ann_no, item_no);

CREATE OR REPLACE TEMP TABLE sides AS
SELECT * FROM (
  SELECT v.task_no, v.ann_no, v.item_no, n, v.x AS x1, v.y AS y1,
    lead({x: v.x, y: v.y}) OVER item AS next,
    first_value({x: v.x, y: v.y}) OVER item AS begin,
    count(*) OVER (PARTITION BY v.task_no, v.ann_no, v.item_no) AS vertices,
    closed
  FROM vertices v JOIN verdicts USING (task_no, ann_no, item_no)
  WINDOW item AS (PARTITION BY v.task_no, v.ann_no, v.item_no ORDER BY n))
WHERE next IS NOT NULL OR closed OR vertices = 1;

-- How far a point is from a side.
CREATE OR REPLACE MACRO along(px, py, x1, y1, x2, y2) AS
  CASE WHEN x1 = x2 AND y1 = y2 THEN 0 ELSE greatest(0, least(1, ((px - x1) * (x2 - x1) + (py - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2))) END;
CREATE OR REPLACE MACRO side_gap(px, py, x1, y1, x2, y2) AS sqrt(
    (x1 + along(px, py, x1, y1, x2, y2) * (x2 - x1) - px) ** 2
  + (y1 + along(px, py, x1, y1, x2, y2) * (y2 - y1) - py) ** 2);

-- The upright rectangle around a polygon, as corners.
CREATE OR REPLACE TEMP TABLE polygon_bounds AS
SELECT task_no, ann_no, item_no,
  [{x: min(x), y: min(y)}, {x: max(x), y: min(y)}, {x: max(x), y: max(y)}, {x: min(x), y: max(y)}] AS corners
FROM vertices GROUP BY ALL;
