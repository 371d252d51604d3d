-- Boxes in pixels, tracks frame by frame. Where people are compared the size of the same image or video stands in for a missing one;
-- without any, percents count as on an image of 1000 x 1000.

-- From an enabled key frame to the next all values run linearly; after the last they hold through framesCount; a
-- disabled one shows on its own frame alone.
CREATE OR REPLACE TEMP TABLE track_frames AS
SELECT
  task_no, ann_no, item_no, shown AS frame, shown = frame AND said AS is_key,
  x + coalesce((next.x - x) * share, 0) AS x,
  y + coalesce((next.y - y) * share, 0) AS y,
  w + coalesce((next.w - w) * share, 0) AS w,
  h + coalesce((next.h - h) * share, 0) AS h,
  r + coalesce((next.r - r) * share, 0) AS r
FROM (
  SELECT *, (shown - frame) / (next.frame - frame) AS share
  FROM (
    SELECT k.*,
      unnest(generate_series(k.frame, CASE
        WHEN NOT k.enabled THEN k.frame
        WHEN k.next.frame IS NOT NULL THEN k.next.frame - 1
        ELSE greatest(k.frame, coalesce(TRY_CAST(v.value ->> 'framesCount' AS BIGINT), k.frame)) END)) AS shown
    FROM keyframes k JOIN verdicts v USING (task_no, ann_no, item_no)
    WHERE v.reason IS NULL));

CREATE OR REPLACE TEMP TABLE sizes AS
SELECT task_no, to_name, idx, min({w: original_width, h: original_height}) AS size FROM candidates WHERE sized GROUP BY ALL;

-- The size that distances of an item are taken on, and whether anybody knew it.
CREATE OR REPLACE TEMP TABLE scales AS
SELECT task_no, ann_no, item_no,
  CASE WHEN sized THEN original_width ELSE coalesce(size.w, 1000) END AS sw,
  CASE WHEN sized THEN original_height ELSE coalesce(size.h, 1000) END AS sh,
  sized OR size IS NOT NULL AS known
FROM verdicts LEFT JOIN sizes USING (task_no, to_name, idx);

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

-- Polygons: vertices in pixels, and the sides between them, the last of which closes one that is closed.
CREATE OR REPLACE TEMP TABLE vertices AS
SELECT cand, n, max(n) OVER (PARTITION BY cand) AS count, closed,
  TRY_CAST(point ->> 0 AS DOUBLE) AS x_pct, TRY_CAST(point ->> 1 AS DOUBLE) AS y_pct, x_pct / 100 * sw AS x, y_pct / 100 * sh AS y
FROM (
  SELECT cand, task_no, ann_no, item_no, closed, unnest(json_extract(points, '$[*]')) AS point, generate_subscripts(json_extract(points, '$[*]'), 1) AS n
  FROM candidates WHERE kind = 'polygon')
JOIN scales USING (task_no, ann_no, item_no);

CREATE OR REPLACE TEMP TABLE sides AS
SELECT a.cand, a.x AS ax, a.y AS ay, b.x - a.x AS dx, b.y - a.y AS dy
FROM vertices a JOIN vertices b ON a.cand = b.cand AND b.n = a.n % a.count + 1
WHERE a.n < a.count OR a.closed OR a.count = 1;

CREATE OR REPLACE MACRO side_gap(px, py, ax, ay, dx, dy) AS (
  SELECT sqrt((ax + s.along * dx - px) ** 2 + (ay + s.along * dy - py) ** 2)
  FROM (SELECT CASE WHEN dx * dx + dy * dy > 0 THEN greatest(0, least(1, ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy))) ELSE 0 END AS along) s);
