({
  /** What is wider than the window, but for what scrolls by itself. */
  tooWide() {
    const scrolls = (e) => e && (getComputedStyle(e).overflowX !== "visible" || scrolls(e.parentElement));
    const isWide = (e) => e.getBoundingClientRect().right > innerWidth + 1;
    const wide = [...document.body.querySelectorAll("*")].filter((e) => isWide(e) && !scrolls(e.parentElement));
    const root = document.documentElement;
    return [...(root.scrollWidth > innerWidth ? ["the page"] : []), ...wide.map((e) => e.outerHTML.slice(0, 80))];
  },

  /** Texts with a contrast below 4.5, or 3 for large ones: https://www.w3.org/TR/WCAG21/#contrast-minimum. */
  hardToRead() {
    const rgba = (color) => {
      const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
      return [r, g, b, a];
    };
    const over = ([r, g, b, a], below) => [r, g, b].map((c, i) => c * a + below[i] * (1 - a));
    const behind = (e) => {
      const own = e ? rgba(getComputedStyle(e).backgroundColor) : [255, 255, 255, 1];
      return own[3] === 1 ? own.slice(0, 3) : over(own, behind(e.parentElement));
    };
    const linear = (c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
    const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
    const own = (e) => [...e.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join("").trim();
    const found = [];
    for (const e of document.body.querySelectorAll("*")) {
      if (!own(e) || !e.checkVisibility() || e.closest("svg, .only-read")) continue;
      const style = getComputedStyle(e);
      const back = behind(e);
      const sides = [luminance(over(rgba(style.color), back)), luminance(back)];
      const ratio = (Math.max(...sides) + 0.05) / (Math.min(...sides) + 0.05);
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
      if (ratio < (isLarge ? 3 : 4.5)) found.push(`${own(e).slice(0, 40)}: ${ratio.toFixed(2)}`);
    }
    return found;
  },

  /** What lacks a name that a screen reader could say, and what a page lacks to be found one's way in. */
  unnamed() {
    const named = (e) =>
      [
        e.getAttribute("aria-label"),
        e.innerText,
        ...[...(e.labels ?? [])].map((label) => label.innerText),
        document.getElementById(e.getAttribute("aria-labelledby"))?.innerText,
      ].some((name) => name?.trim());
    const controls = "button, input, select, a, summary, [role]:not([role=status], [role=alert])";
    const shown = [...document.querySelectorAll(controls)].filter((e) => e.checkVisibility());
    const count = (what) => document.querySelectorAll(what).length;
    return [
      ...(document.documentElement.lang ? [] : ["no language"]),
      ...(document.title ? [] : ["no title"]),
      ...(count("h1") === 1 ? [] : [`${count("h1")} h1`]),
      ...(count("main") === 1 ? [] : [`${count("main")} main`]),
      ...shown.filter((e) => !named(e)).map((e) => e.outerHTML.slice(0, 80)),
    ];
  },

  /** What has the focus, by its first words; after "!" where that is not to be seen. */
  focused() {
    const e = document.activeElement;
    const style = getComputedStyle(e);
    const isSeen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const name = e.id || e.innerText?.trim().split("\n")[0] || e.tagName.toLowerCase();
    return (isSeen ? "" : "!") + name;
  },
})
