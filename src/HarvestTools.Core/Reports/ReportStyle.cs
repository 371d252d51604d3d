namespace HarvestTools.Reports;

/// <summary>The report's style sheet: system fonts, light and dark by what the reader's system says, and on paper.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--bg:#f6f7f9;--card:#fff;--ink:#1a1f27;--soft:#59636f;--line:#dde1e7;--bar:#c9d3e0;--up:#1f7a4d;--down:#a8441c;--bad:#b3261e;--bad-bg:#fdecea;--warn:#8a5a00;--warn-bg:#fdf3dc;--ok:#1f7a4d;--ok-bg:#e3f4ea;--chip:#eef1f5;--l0:#2f6fde;--l1:#1f8a5b;--l2:#b8600b;--l3:#8a3ffc;--l4:#c0267e;--l5:#0e7c86}
        @media (prefers-color-scheme:dark){:root{--bg:#14171c;--card:#1c2027;--ink:#e6e9ee;--soft:#9aa5b3;--line:#2e343e;--bar:#3b4656;--up:#5fcf94;--down:#f0a070;--bad:#ff8a80;--bad-bg:#3a1d1c;--warn:#f0c060;--warn-bg:#362b12;--ok:#5fcf94;--ok-bg:#16301f;--chip:#272d37;--l0:#7aa7ff;--l1:#55c795;--l2:#f0a35a;--l3:#b899ff;--l4:#f58ac2;--l5:#4fc3cf}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif;overflow-wrap:anywhere}
        .page{max-width:60rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
        h1{font-size:1.6rem;line-height:1.2;margin:0 0 .35rem;letter-spacing:-.01em}
        h2{font-size:1.1rem;line-height:1.3;margin:0}
        p{margin:0}
        a{color:inherit;text-decoration-color:var(--soft);text-underline-offset:.15em}
        code{font:.86em ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace}
        .soft{color:var(--soft)}
        .sum{display:flex;flex-wrap:wrap;gap:.5rem 2.25rem;margin:1.4rem 0 2rem;padding:0}
        .sum div{display:flex;flex-direction:column-reverse}
        .sum dt{color:var(--soft);font-size:.84rem}
        .sum .bad dd{color:var(--bad)}
        .sum dd{margin:0;font-size:1.35rem;font-weight:600;font-variant-numeric:tabular-nums;line-height:1.25}
        .slice{display:grid;grid-template-columns:auto minmax(0,1fr);column-gap:.75rem}
        .graph{position:relative}
        .graph svg{display:block;fill:none;stroke-width:2}
        .tail{position:absolute;top:55px;height:calc(100% - 54px)}
        .tail path{vector-effect:non-scaling-stroke}
        circle{fill:var(--bg);stroke-width:2.5}
        .l0{stroke:var(--l0)}.l1{stroke:var(--l1)}.l2{stroke:var(--l2)}.l3{stroke:var(--l3)}.l4{stroke:var(--l4)}.l5{stroke:var(--l5)}
        circle.trained.l0{fill:var(--l0)}circle.trained.l1{fill:var(--l1)}circle.trained.l2{fill:var(--l2)}circle.trained.l3{fill:var(--l3)}circle.trained.l4{fill:var(--l4)}circle.trained.l5{fill:var(--l5)}
        circle.drifted{stroke:var(--bad)}circle.trained.drifted{fill:var(--bad)}
        .card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:.95rem 1.15rem 1.05rem;margin:.5rem 0}
        .slice:target .card{border-color:var(--l0);box-shadow:0 0 0 1px var(--l0)}
        .top{display:flex;flex-wrap:wrap;align-items:baseline;gap:.15rem .8rem}
        .top time{color:var(--soft);font-size:.88rem;font-variant-numeric:tabular-nums}
        .badge{border-radius:99px;padding:.05rem .6rem;font-size:.8rem;font-weight:600;background:var(--chip);color:var(--soft)}
        .badge.clean{background:var(--ok-bg);color:var(--ok)}.badge.drifted{background:var(--bad-bg);color:var(--bad)}.badge.unverifiable{background:var(--warn-bg);color:var(--warn)}
        .reason{margin-top:.2rem;max-width:44rem}
        .facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.3rem 1.1rem;margin:.8rem 0 0}
        .facts dt{color:var(--soft);font-size:.88rem;line-height:1.6}
        .facts dd{margin:0}
        .num{font-variant-numeric:tabular-nums;white-space:nowrap}
        .up{color:var(--up)}.down{color:var(--down)}
        .bar{display:flex;height:6px;margin:.3rem 0 .25rem;border-radius:3px;overflow:hidden;background:var(--chip);max-width:30rem}
        .bar i{display:block;background:var(--bar)}.bar i.new{background:var(--l0)}
        .models{list-style:none;margin:0;padding:0;display:grid;gap:.3rem}
        .chip{display:inline-block;background:var(--chip);border-radius:6px;padding:0 .45rem;margin-right:.3rem;font-size:.88rem;font-variant-numeric:tabular-nums;white-space:nowrap}
        .path{display:block;font-size:.86rem;color:var(--soft)}
        details{margin:0}
        summary{cursor:pointer}
        table{border-collapse:collapse;width:100%;margin:.4rem 0 .2rem;font-size:.88rem}
        th{text-align:left;color:var(--soft);font-weight:500}
        th,td{padding:.28rem .9rem .28rem 0;vertical-align:baseline;border-top:1px solid var(--line)}
        thead th{border-top:0}
        td.num,th.num{text-align:right}
        .findings{list-style:none;margin:.8rem 0 0;padding:0;display:grid;gap:.5rem}
        .finding{border-left:3px solid var(--bad);background:var(--bad-bg);border-radius:0 6px 6px 0;padding:.45rem .75rem;font-size:.92rem}
        .finding.warning{border-color:var(--warn);background:var(--warn-bg)}
        .finding.note{border-color:var(--line);background:none}
        .finding b{display:block}
        .wide{overflow-x:auto}
        .wide table{min-width:36rem}
        th,td code{white-space:nowrap;overflow-wrap:normal}
        .faults{margin:0 0 1.5rem}
        footer{margin-top:2rem;color:var(--soft);font-size:.86rem}
        @media (max-width:34rem){.facts{grid-template-columns:minmax(0,1fr);gap:.05rem}.facts dd{margin-bottom:.4rem}.page{padding:1.5rem .75rem 3rem}}
        @media print{:root{--bg:#fff}.card{break-inside:avoid}}
        """;
}
