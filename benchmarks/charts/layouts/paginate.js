// Fills letter pages with the flow of every document, then says where each word stands.
// Reads all geometry first and changes the tree afterwards: one layout for each.
const TALL = 1056, SLACK = 4, MOST = 8;

function planned(doc) {
  const part = (name) => doc.querySelector(`:scope > .${name}`);
  const style = getComputedStyle(doc), columns = +doc.dataset.columns;
  const edges = parseFloat(style.paddingTop) + parseFloat(style.paddingBottom);
  const tops = [part('first').offsetHeight, part('runner').offsetHeight];
  const below = part('foot').offsetHeight;
  const ops = [], stack = [];
  let frame = 0, base = null, extra = 0;
  const room = () =>
    TALL - edges - below - tops[frame < columns ? 0 : 1] - extra - SLACK;
  const bottom = part('flow').getBoundingClientRect().bottom;
  let share = Infinity;
  const limit = (top) => (base === null ? top : base)
    + (frame % columns < columns - 1 ? Math.min(room(), share) : room());
  function begin(top) {
    // what is left for the last page is spread over its columns
    if (base !== null) return;
    base = top;
    if (frame % columns === 0 && columns > 1)
      share = bottom - top < 2 * room() - 60 ? (bottom - top) / 2 + 30 : Infinity;
  }
  function next() {
    ops.push(['frame']);
    frame += 1; base = null; extra = 0;
    for (const node of stack)
      if (node.tHead) extra += node.tHead.getBoundingClientRect().height;
  }
  function need(node) {
    const box = node.getBoundingClientRect();
    if (node.matches('.p')) return Math.min(box.bottom, box.top + 36);
    if (node.matches('.keep') && node.nextElementSibling)
      return need(node.nextElementSibling);
    if (node.tHead && node.tBodies[0]?.rows.length)
      return node.tBodies[0].rows[0].getBoundingClientRect().bottom;
    if (!node.matches(OPEN) || !node.firstElementChild) return box.bottom;
    return need(node.firstElementChild);
  }
  const OPEN = '.sec,.sb,table,tbody,.ul,.fields,.ticks';
  function walk(node) {
    if (node.matches('.sheet')) {
      if (base !== null) do next(); while (frame % columns);
      return;
    }
    const box = node.getBoundingClientRect();
    if (!box.height) { ops.push(['put', node]); return; }
    begin(box.top);
    if (need(node) > limit(box.top) && base !== null && base < box.top) next();
    begin(box.top);
    if (box.bottom <= limit(box.top) && !node.querySelector('.sheet')) {
      ops.push(['put', node]);
    } else if (node.matches(OPEN)) {
      ops.push(['open', node]); stack.push(node);
      for (const child of node.children) walk(child);
      ops.push(['close']); stack.pop();
    } else if (node.matches('.p')) {
      lines(node);
    } else ops.push(['put', node]);
  }
  function lines(node) {
    const range = document.createRange(), bottom = node.getBoundingClientRect().bottom;
    const kids = [...node.childNodes];
    const box = (i, from, to) => {
      if (kids[i].nodeType !== 3) return kids[i].getBoundingClientRect();
      range.setStart(kids[i], from); range.setEnd(kids[i], to);
      return range.getBoundingClientRect();
    };
    let i = 0;
    while (bottom > limit(base)) {
      const end = limit(base);
      while (i < kids.length && box(i, 0, kids[i].length).bottom <= end) i += 1;
      if (i === kids.length) break;
      let low = 0;
      if (kids[i].nodeType === 3) {
        let high = kids[i].length;
        while (low < high) {
          const mid = (low + high) >> 1;
          if (box(i, mid, mid + 1).bottom <= end) low = mid + 1; else high = mid;
        }
      }
      const top = kids[i].nodeType === 3
        ? box(i, low, Math.min(low + 1, kids[i].length)).top : box(i).top;
      if (top <= base) { if (frame > 60) break; next(); begin(top); continue; }
      ops.push(['cut', node, kids[i], low]);
      next(); begin(top);
    }
    ops.push(['put', node]);
  }
  for (const node of part('flow').children) walk(node);
  const rooms = tops.map((top) => TALL - edges - below - top);
  return { doc, ops, columns, rooms };
}

function ruled(high) {
  // the lines of a sheet made for writing
  const lines = Array.from({ length: Math.floor(high / 27) }, (_, i) => `M0 ${i * 27 + 23}h900`);
  const box = document.createElement('div');
  box.innerHTML = `<svg class="rules" height="${high}"><path d="${lines.join('')}"/></svg>`;
  return box.firstChild;
}

function built({ doc, ops, columns, rooms }) {
  const pages = [], stack = [], gone = new Map();
  const copy = (name) => doc.querySelector(`:scope > .${name}`).cloneNode(true);
  let frame = -1, at;
  function turn() {
    frame += 1;
    if (frame % columns === 0) {
      const page = document.createElement('div');
      page.className = doc.className.replace('doc', 'page');
      page.style.cssText = doc.style.cssText;
      page.append(copy(pages.length ? 'runner' : 'first'));
      page.append(Object.assign(document.createElement('div'), { className: 'body' }));
      page.append(copy('foot'));
      pages.push(page);
    }
    at = Object.assign(document.createElement('div'), { className: 'frame' });
    pages.at(-1).querySelector(':scope > .body').append(at);
    if (doc.matches('.ruled')) at.append(ruled(rooms[pages.length > 1 ? 1 : 0]));
    for (const one of stack) opened(one);
  }
  function opened(node) {
    const shell = node.cloneNode(false);
    if (node.tHead) shell.append(node.tHead.cloneNode(true));
    at.append(shell); at = shell;
  }
  turn();
  for (const [what, node, kid, offset] of ops) {
    if (what === 'frame') turn();
    else if (what === 'open') { stack.push(node); opened(node); }
    else if (what === 'close') { stack.pop(); at = at.parentElement; }
    else if (what === 'put') { if (node.tagName !== 'THEAD') at.append(node); }
    else {
      const range = document.createRange(), done = gone.get(kid) || 0;
      range.setStart(node, 0);
      if (kid.nodeType === 3) range.setEnd(kid, offset - done); else range.setEndBefore(kid);
      gone.set(kid, offset);
      const head = node.cloneNode(false);
      head.append(range.extractContents());
      at.append(head);
    }
  }
  pages.splice(MOST);
  const over = doc.querySelector(':scope > .over');
  if (over) pages[0].append(over);
  pages.forEach((page, i) => {
    for (const one of page.querySelectorAll('.pn')) one.textContent = i + 1;
    for (const one of page.querySelectorAll('.pc')) one.textContent = pages.length;
  });
  doc.replaceWith(...pages);
  return pages;
}

function hides(box, over) {
  const wide = Math.min(box.right, over.right) - Math.max(box.left, over.left);
  const high = Math.min(box.bottom, over.bottom) - Math.max(box.top, over.top);
  return wide > 0 && high > 0 && wide * high > 0.12 * box.width * box.height;
}

function* seen(page) {
  const walker = document.createTreeWalker(page, NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const hand = node.parentElement.closest('.h') ? 1 : 0;
    for (const found of node.data.matchAll(/\S+/g)) {
      let from = found.index, end = from + found[0].length;
      range.setStart(node, from); range.setEnd(node, end);
      const boxes = range.getClientRects();
      const broken = [...boxes].some((one) => one.top > boxes[0].top + 3);
      if (!broken) { yield [found[0], range.getBoundingClientRect(), hand, node]; continue; }
      for (let cut = from + 1; cut <= end; cut += 1) {
        range.setStart(node, from); range.setEnd(node, cut);
        const rects = range.getClientRects();
        const over = cut < end && rects[rects.length - 1].top > rects[0].top + 3;
        if (!over && cut < end) continue;
        if (over) range.setEnd(node, cut - 1);
        yield [node.data.slice(from, over ? cut - 1 : cut), range.getBoundingClientRect(), hand, node];
        from = cut - 1;
      }
    }
  }
}

function settle(page, words) {
  // a label is stuck where it hides the fewest words, and not on another label
  const taken = [];
  for (const label of page.querySelectorAll('.over > [data-places]')) {
    const sheet = page.getBoundingClientRect(), own = label.getBoundingClientRect();
    let best = null;
    const within = (n, most) => Math.min(Math.max(n, 12), most - 12);
    for (const [i, place] of JSON.parse(label.dataset.places).entries()) {
      const x = within(place[0], sheet.width - own.width);
      const y = within(place[1], sheet.height - own.height);
      const box = new DOMRect(sheet.left + x, sheet.top + y, own.width, own.height);
      const cost = words.filter((word) => hides(word[1], box)).length + i / 2
        + 1000 * taken.filter((other) => hides(other, box)).length;
      if (!best || cost < best.cost) best = { cost, x, y };
    }
    label.style.left = `${best.x}px`; label.style.top = `${best.y}px`;
    taken.push(label.getBoundingClientRect());
  }
}

function told(page, doc) {
  const sheet = page.getBoundingClientRect();
  const put = (box) => [box.left - sheet.left, box.top - sheet.top,
    box.right - sheet.left, box.bottom - sheet.top].map((n) => Math.round(n * 7.5) / 10);
  if (page.querySelector('.over > [data-places]'))
    settle(page, [...seen(page)].filter((word) => !word[3].parentElement.closest('.over')));
  const covers = [...page.querySelectorAll('.opaque')].map((n) => [n, n.getBoundingClientRect()]);
  const words = [];
  for (const [text, box, hand, node] of seen(page)) {
    if (!box.width || box.top >= sheet.bottom - 2 || box.left >= sheet.right - 2) continue;
    if (covers.some(([n, c]) => !n.contains(node) && hides(box, c))) continue;
    words.push([text, ...put(box), hand]);
  }
  const codes = [...page.querySelectorAll('[data-code]')].map(
    (node) => [node.dataset.kind, node.dataset.code, ...put(node.getBoundingClientRect())]);
  return { doc, words, codes };
}

async function press() {
  await document.fonts.ready;
  const plans = [...document.querySelectorAll('.doc')].map(planned);
  const pages = plans.flatMap((plan, i) => built(plan).map((page) => [page, i]));
  return pages.map(([page, i]) => told(page, i));
}
