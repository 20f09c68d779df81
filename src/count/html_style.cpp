#include "base/encoding.hpp"
#include "count/html.hpp"
#include "crypto/sha256.hpp"

namespace urna::count {

// Ink on paper, one accent that belongs to no party. Party colours appear only in the
// SVG pictures, always beside the name.
std::string_view style_sheet() {
  return R"css(:root{--paper:#fbfaf7;--ink:#1c1b1a;--soft:#5b5853;--rule:#d9d5cc;--wash:#f1eee7;--accent:#4a3f6b;--warn:#7a4a00;--warnwash:#fdf3dc;color-scheme:light dark}
@media(prefers-color-scheme:dark){:root{--paper:#171614;--ink:#ece8e1;--soft:#b0aaa0;--rule:#3b3833;--wash:#211f1c;--accent:#c3b6ea;--warn:#f2c66d;--warnwash:#2e2617}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.5 "Atkinson Hyperlegible",system-ui,"Segoe UI","Noto Sans","DejaVu Sans",sans-serif}
.page{max-width:66rem;margin:0 auto;padding:0 1rem 4rem}
h1,h2,h3{font-family:Charter,"Bitstream Charter",Georgia,"Noto Serif","DejaVu Serif",serif;line-height:1.2;text-wrap:balance;margin:0}
h1{font-size:clamp(1.6rem,5vw,2.5rem);margin:.2rem 0 .35rem}
h2{font-size:clamp(1.25rem,3.5vw,1.6rem);border-top:3px solid var(--ink);padding-top:.6rem;margin:2.75rem 0 .75rem}
h3{font-size:1.1rem;margin:1.75rem 0 .4rem}
p{margin:.4rem 0;max-width:44rem}
a{color:var(--accent);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.skip{position:absolute;left:-100vw;background:var(--paper);padding:.6rem 1rem}
.skip:focus{left:0;z-index:1}
.top{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;justify-content:space-between;border-bottom:1px solid var(--rule);padding:.75rem 0;font-size:.95rem;color:var(--soft)}
.top a{padding:.25rem 0}
.kicker{color:var(--soft);margin:1.5rem 0 0}
.lead{font-size:1.2rem;line-height:1.45}
.banner{border-left:.35rem solid var(--warn);background:var(--warnwash);padding:.6rem 1rem;margin:1rem 0;max-width:none}
.banner p{margin:.15rem 0}
.verdict{font-weight:600}
.complete{margin:1.25rem 0}
.complete svg,.bar{display:block;width:100%;height:.7rem}
.complete .line{margin:.25rem 0;font-variant-numeric:tabular-nums}
.track{fill:var(--rule)}
.fill{fill:var(--ink)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem 1.5rem;margin:1.25rem 0;padding:0}
.facts div{border-top:1px solid var(--rule);padding-top:.35rem}
.facts dt{color:var(--soft);font-size:.92rem}
.facts dd{margin:0;font-size:1.25rem;font-variant-numeric:tabular-nums}
.house{display:grid;gap:1.5rem 2.5rem;align-items:center}
@media(min-width:48rem){.house{grid-template-columns:minmax(0,1.1fr) minmax(0,1fr)}.house.wide{grid-template-columns:minmax(0,1fr)}}
.hemicycle{width:100%;height:auto;max-width:36rem;margin:0 auto;display:block}
.hemicycle text{font:600 46px Charter,Georgia,"DejaVu Serif",serif;fill:var(--ink)}
.hollow{fill:none;stroke:var(--soft);stroke-width:1.6;stroke-dasharray:3 2.4}
.scroll{overflow-x:auto;margin:.5rem 0}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft);padding:.25rem 0}
th,td{padding:.42rem .75rem .42rem 0;text-align:left;vertical-align:baseline;border-bottom:1px solid var(--rule)}
thead th,thead td{color:var(--soft);font-weight:400;font-size:.92rem;border-bottom:1px solid var(--soft);vertical-align:bottom}
tbody th{font-weight:600;overflow-wrap:anywhere;min-width:7rem}
td.n,th.n{text-align:right;white-space:nowrap}
td.n:last-child,th.n:last-child{padding-right:0}
td.b{width:32%;min-width:5.5rem}
tr.other th,tr.other td{color:var(--soft);font-weight:400}
tr.win th::before{content:"\2713\00a0"}
.swatch{display:inline-block;width:.8rem;height:.8rem;margin-right:.5rem;vertical-align:-.05rem}
.note{color:var(--soft);font-size:.95rem}
.conflict{border-left:.35rem solid var(--warn);padding:.1rem 0 .1rem 1rem;margin:1rem 0}
.conflict.done{border-color:var(--rule)}
.conflict ul{margin:.3rem 0;padding-left:1.2rem}
code{font:.9em ui-monospace,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
details{border-bottom:1px solid var(--rule);padding:.5rem 0}
summary{cursor:pointer;padding:.3rem 0;font-weight:600}
pre{overflow-x:auto;font:.86rem/1.5 ui-monospace,"DejaVu Sans Mono",monospace;background:var(--wash);padding:.75rem 1rem;margin:.5rem 0}
footer{border-top:1px solid var(--rule);margin-top:3.5rem;padding-top:1rem;color:var(--soft);font-size:.92rem}
.links{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;padding:.6rem 0;border-bottom:1px solid var(--rule)}
.links a{padding:.25rem 0}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr));gap:.5rem;list-style:none;margin:.75rem 0 1.25rem;padding:0}
.tiles a{display:block;height:100%;border:1px solid var(--rule);padding:.45rem .6rem .5rem;text-decoration:none;color:var(--ink)}
.tiles a:hover{border-color:var(--ink)}
.tiles svg{display:block;width:100%;height:.55rem;margin-bottom:.4rem}
.tiles svg.swatch{display:inline-block;width:.8rem;height:.8rem;margin:0 .4rem 0 0}
.tiles strong{display:block;overflow-wrap:anywhere}
.tiles span{display:block;font-size:.9rem;color:var(--soft);font-variant-numeric:tabular-nums}
.qr{display:flex;flex-wrap:wrap;gap:1.5rem;margin:1rem 0}
.qr figure{margin:0;width:min(100%,17rem)}
.qr img{width:100%;height:auto;image-rendering:pixelated;background:#fff;display:block}
.qr figcaption{font-size:.92rem;color:var(--soft);margin-top:.3rem}
.bad{color:var(--warn);font-weight:600}
.bad::before{content:"\2717\00a0"}
.good::before{content:"\2713\00a0"}
.open::before{content:"\25cb\00a0"}
.act{display:inline-block;border:2px solid var(--accent);padding:.5rem 1rem;margin:.25rem .75rem .25rem 0;text-decoration:none;font-weight:600}
.wrap{overflow-wrap:anywhere}
@media(max-width:34rem){td.b{display:none}.wide{display:none}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444}.top a,.skip{display:none}h2{break-after:avoid}tr,.conflict{break-inside:avoid}details>*{display:block}}
)css";
}

const std::string& style_hash() {
  static const std::string hash =
      "sha256-" + base::to_base64(ByteView(crypto::sha256(as_bytes(style_sheet()))));
  return hash;
}

}  // namespace urna::count
