extension HTMLPage {
  /// The style of every page: light and dark, wide and narrow, on the screen and on paper.
  static let style = """

    :root{--ink:#1d2733;--dim:#5d6b7a;--paper:#fbfbf8;--card:#fff;--line:#e2e4e0;--bar:#2f6f8f;
    --soft:#dfeaf0;--error:#b3261e;--warning:#8a5a00;--note:#5d6b7a;--second:#a8641a;
    --shade:rgba(20,30,40,.18)}
    @media(prefers-color-scheme:dark){:root{--ink:#e4e8ec;--dim:#97a4b1;--paper:#14191f;
    --card:#1b222a;--line:#2c353f;--bar:#6cb4d6;--soft:#26333d;--error:#ff8a80;--warning:#f2c46d;
    --note:#97a4b1;--second:#e0a458;--shade:rgba(0,0,0,.55)}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
    header,main,footer{max-width:72rem;margin:0 auto;padding:0 1rem}
    header{padding-top:2rem}
    footer{color:var(--dim);font-size:.85rem;padding-bottom:2rem;overflow-wrap:anywhere}
    h1{font-size:1.6rem;line-height:1.25;margin:0;overflow-wrap:anywhere}
    header p{color:var(--dim);margin:.25rem 0 1rem;overflow-wrap:anywhere}
    section{background:var(--card);border:1px solid var(--line);border-radius:.6rem;
    padding:1rem 1.1rem;margin:0 0 1rem;overflow-wrap:anywhere}
    h2{font-size:1.05rem;margin:0 0 .7rem}
    h2,p,li{overflow-wrap:anywhere}
    p{margin:.4rem 0}
    :focus-visible{outline:2px solid var(--bar);outline-offset:2px}
    .big{display:flex;flex-wrap:wrap;gap:.6rem 2rem;margin-bottom:.4rem}
    .big div{min-width:8rem}
    .big b{display:block;font-size:1.7rem;font-variant-numeric:tabular-nums;line-height:1.2}
    .big span,.dim{color:var(--dim);font-size:.9rem}
    .bars{display:grid;grid-template-columns:max-content 1fr max-content;gap:.35rem .7rem;
    align-items:center;font-variant-numeric:tabular-nums}
    .track{background:var(--soft);border-radius:.2rem;min-width:3rem}
    .bar{background:var(--bar);height:.9rem;border-radius:.2rem}
    .value{text-align:right}
    .scroll{overflow-x:auto;
    background:linear-gradient(to right,var(--card) 30%,transparent) 0 0/2.5rem 100% local,
    linear-gradient(to left,var(--card) 30%,transparent) 100% 0/2.5rem 100% local,
    radial-gradient(farthest-side at 0 50%,var(--shade),transparent) 0 0/.8rem 100% scroll,
    radial-gradient(farthest-side at 100% 50%,var(--shade),transparent) 100% 0/.8rem 100% scroll;
    background-repeat:no-repeat;background-color:var(--card)}
    .hint{color:var(--dim);font-size:.85rem;margin:0 0 .3rem}
    .hint::after{content:" →"}
    table{border-collapse:collapse;width:100%;font-size:.88rem;overflow-wrap:normal}
    th,td{text-align:left;padding:.3rem .7rem .3rem 0;border-bottom:1px solid var(--line);
    vertical-align:middle}
    th{color:var(--dim);font-weight:600}
    th button{font:inherit;color:inherit;background:none;border:0;padding:0;cursor:pointer;
    text-align:inherit;white-space:nowrap}
    th button::after{content:"\\2195";opacity:.45;margin-left:.25rem}
    th[aria-sort=ascending] button::after{content:"\\2191";opacity:1}
    th[aria-sort=descending] button::after{content:"\\2193";opacity:1}
    .filter{display:flex;flex-wrap:wrap;gap:.4rem 1rem;align-items:baseline;margin:0 0 .6rem;
    font-size:.9rem}
    .filter input{font:inherit;color:inherit;background:var(--paper);border:1px solid var(--dim);
    border-radius:.3rem;padding:.15rem .5rem;width:14rem;max-width:100%}
    .filter .shown{color:var(--dim)}
    .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    code{font-family:ui-monospace,Menlo,Consolas,monospace;font-size:.85em;overflow-wrap:anywhere}
    .digest{display:inline-block;min-width:33ch}
    td:first-child{max-width:24rem}
    td:first-child:has(code){min-width:11rem;overflow-wrap:anywhere}
    .words{display:inline-block;min-width:11rem;white-space:normal}
    .keys{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,19rem),1fr));
    gap:.15rem 2rem;margin:0;font-size:.9rem}
    .keys div{display:flex;justify-content:space-between;gap:1rem;
    border-bottom:1px solid var(--line)}
    .keys dt{color:var(--dim)}
    .keys dd{margin:0;text-align:right;font-variant-numeric:tabular-nums}
    .layers{display:flex;flex-wrap:wrap;gap:.3rem;list-style:none;margin:.3rem 0 .8rem;padding:0}
    .layers li{border:2px solid hsl(var(--hue) 55% 45%);border-radius:.35rem;min-width:3.2rem;
    padding:.1rem .4rem;text-align:center;font-size:.8rem;line-height:1.3}
    .layers b{display:block}
    svg rect,svg path{fill:var(--bar)}
    .histogram{display:block;max-width:100%}
    .wide{width:100%}
    ul.findings{list-style:none;margin:0;padding:0}
    ul.findings li{padding:.4rem 0 .4rem .8rem;border-left:.25rem solid var(--note);
    margin-bottom:.5rem}
    ul.findings .error{border-color:var(--error)}
    ul.findings .warning{border-color:var(--warning)}
    .verdict{font-size:1.7rem;line-height:1.2;margin:0 0 .5rem}
    .diagnosis{margin:.4rem 0 .8rem;padding-left:1.3rem}
    .diagnosis li{margin-bottom:.5rem}
    .chart{display:block;overflow:visible;font-size:.82rem;font-variant-numeric:tabular-nums}
    .chart text{fill:var(--ink)}
    .chart .tick{fill:var(--dim)}
    .chart .grid{stroke:var(--line)}
    .chart .mark{stroke:var(--ink);stroke-width:2}
    .chart .reference{fill:var(--bar)}
    .chart .fast{fill:var(--second)}
    .chart .bad{fill:var(--error)}
    .graph{display:block;max-width:21.5rem;font-size:.82rem;font-variant-numeric:tabular-nums}
    .graph rect{fill:var(--paper);stroke:var(--line)}
    .graph text{fill:var(--ink)}
    .graph .tick{fill:var(--dim)}
    .graph .name{font-weight:600}
    .graph .flow{stroke:var(--dim);stroke-width:2}
    .graph .lanes{overflow:visible}
    .graph .lanes path{fill:none;stroke:var(--dim);stroke-width:1.5}
    .graph .right rect{stroke:var(--bar)}
    .graph .wrong rect{stroke:var(--error);stroke-width:2}
    .graph .right .error{fill:var(--bar)}
    .graph .wrong .error{fill:var(--error);font-weight:600}
    .legend{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.85rem;color:var(--dim)}
    .legend i{display:inline-block;width:.8rem;height:.6rem;margin-right:.4rem}
    .legend .reference{background:var(--bar)}
    .legend .fast{background:var(--second)}
    .legend i.bad{background:var(--error)}
    .legend .mark{width:2px;height:.8rem;background:var(--ink);vertical-align:middle}
    .line{white-space:nowrap}
    .ok{color:var(--bar);font-weight:600}
    .bad{color:var(--error);font-weight:600}
    .other td{background:var(--soft)}
    @media(max-width:36rem){.bars{grid-template-columns:1fr max-content;grid-auto-flow:dense}
    td:first-child{max-width:58vw}.bars .label{grid-column:1}.bars .value{grid-column:2}.bars .track{grid-column:1/3}}
    td:nth-child(2){white-space:nowrap}
    @media(prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}}
    @media print{:root{--ink:#000;--dim:#444;--paper:#fff;--card:#fff;--line:#bbb;--bar:#2f6f8f;
    --soft:#eee;--error:#b3261e;--warning:#8a5a00;--note:#444;--second:#a8641a}
    body{font-size:11pt}header,main,footer{max-width:none;padding:0}
    .filter,.hint{display:none!important}th button::after{content:none!important}
    .scroll{overflow:visible;background:none}
    table{font-size:7pt;table-layout:auto}th,td{padding-right:.35rem}
    td,td:nth-child(2),.n,.line{white-space:normal;overflow-wrap:anywhere}
    td:first-child,td:first-child:has(code),.digest,.words{min-width:0}td code{font-size:1em}td .histogram{width:4rem;height:auto}
    section{border:0;border-top:1px solid var(--line);border-radius:0;padding:.6rem 0}
    h2{break-after:avoid}tr,.big,.bars,li{break-inside:avoid}
    *{print-color-adjust:exact}}

    """
}
