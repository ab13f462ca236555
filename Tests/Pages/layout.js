// What is wrong with the layout of a page, as sentences; nothing where nothing is.
(() => {
  const found = [];
  const name = (element) =>
    element.tagName.toLowerCase() + (element.id ? "#" + element.id : "") +
    (typeof element.className === "string" && element.className
      ? "." + element.className.trim().split(/\s+/).join(".") : "") +
    " “" + (element.textContent || "").trim().slice(0, 30) + "”";
  const isShown = (element) => {
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    return style.visibility !== "hidden" && style.display !== "none" && box.width > 1 && box.height > 1;
  };
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width)
    found.push(`the page is ${document.documentElement.scrollWidth} wide, the window ${width}`);

  // Nothing leaves its card, but what scrolls inside it.
  for (const card of document.querySelectorAll("section")) {
    const right = card.getBoundingClientRect().right + 0.5;
    const left = card.getBoundingClientRect().left - 0.5;
    for (const element of card.querySelectorAll("*")) {
      if (element.closest(".scroll") && !element.matches(".scroll")) continue;
      if (!isShown(element) || element.closest(".aside")) continue;
      const box = element.getBoundingClientRect();
      if (box.right > right || box.left < left) found.push(`${name(element)} leaves its card`);
    }
  }

  // A word or a digest is not cut to a column of letters.
  for (const cell of document.querySelectorAll("td"))
    if (cell.getBoundingClientRect().height > 220 && cell.textContent.trim().length < 200)
      found.push(`${name(cell)} is a column of letters`);

  // No two texts lie on each other.
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    if (!node.textContent.trim() || !isShown(node.parentElement)) continue;
    if (node.parentElement.closest("script,style,title,.aside")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 1 && box.height > 1) texts.push({ node, box });
    // Nor is a word broken, or a name beside a place where it may be.
    const word = node.textContent.trim();
    if (/^[\w./-]{2,15}$/.test(word) && !matchMedia("print").matches)
      if (range.getClientRects().length > 1) found.push(`“${word}” is broken`);
  }
  texts.sort((a, b) => a.box.top - b.box.top);
  for (let i = 0; i < texts.length; i++)
    for (let j = i + 1; j < texts.length && texts[j].box.top < texts[i].box.bottom - 2; j++) {
      const [a, b] = [texts[i], texts[j]];
      if (a.node === b.node) continue;
      const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
      const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
      const hidden = [a, b].some(({ node, box }) => {
        const scroll = node.parentElement.closest(".scroll");
        return scroll && (box.left >= scroll.getBoundingClientRect().right ||
          box.right <= scroll.getBoundingClientRect().left);
      });
      if (!hidden && wide > 2 && high > 3)
        found.push(`“${a.node.textContent.trim().slice(0, 30)}” lies on “${b.node.textContent.trim().slice(0, 30)}”`);
    }

  // Text stands out from what is behind it (WCAG 2, level AA).
  const light = (color) => {
    const [r, g, b] = color.map((c) => {
      c /= 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parse = (text) => (text.match(/[\d.]+/g) || []).map(Number);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] > 0.5) return color.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const told = new Set();
  for (const { node } of texts) {
    const element = node.parentElement;
    const style = getComputedStyle(element);
    const ink = parse(element.closest("svg") ? style.fill : style.color).slice(0, 3);
    const [a, b] = [light(ink), light(behind(element))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    const large = parseFloat(style.fontSize) >= 24;
    const key = ink + "/" + behind(element);
    if (ratio < (large ? 3 : 4.5) && !told.has(key)) {
      told.add(key);
      found.push(`${name(element)} has a contrast of ${ratio.toFixed(2)}`);
    }
  }

  // What a screen reader goes by.
  const levels = [...document.querySelectorAll("h1,h2,h3,h4")].map((h) => +h.tagName[1]);
  if (levels[0] !== 1 || levels.filter((l) => l === 1).length !== 1) found.push("not one h1, first");
  levels.forEach((l, i) => { if (i && l > levels[i - 1] + 1) found.push("a level of headings is left out"); });
  for (const picture of document.querySelectorAll("svg"))
    if (picture.getAttribute("role") !== "img" || !picture.getAttribute("aria-label"))
      if (!picture.closest("[aria-hidden=true]")) found.push(`${name(picture)} says nothing of itself`);
  for (const table of document.querySelectorAll("table"))
    if ([...table.querySelectorAll("thead th")].some((th) => th.scope !== "col"))
      found.push(`${name(table)} has heads without a scope`);
  for (const field of document.querySelectorAll("input"))
    if (!field.labels.length && !field.getAttribute("aria-label")) found.push("a field without a label");

  // What scrolls says so, and can be scrolled by keyboard.
  for (const scroll of document.querySelectorAll(".scroll")) {
    if (scroll.scrollWidth <= scroll.clientWidth + 1) continue;
    const hint = scroll.parentElement.querySelector(".hint");
    if (matchMedia("print").matches) found.push(`${name(scroll)} is cut off on paper`);
    else if (!hint || !isShown(hint)) found.push(`${name(scroll)} scrolls, and nothing says so`);
    if (scroll.tabIndex !== 0) found.push(`${name(scroll)} cannot be reached by keyboard`);
  }

  // A picture of a distribution takes the width that it has.
  for (const picture of document.querySelectorAll("section > svg.histogram, figure > svg.histogram")) {
    const room = picture.parentElement.clientWidth;
    if (picture.getBoundingClientRect().width < 0.85 * room &&
        picture.getBoundingClientRect().width < 0.85 * (room - 40)) found.push("a histogram leaves room");
  }
  return found;
})()
