// The page: zoom, move, turn, fit; marks where a field was read; takes words from a box.

const ZOOM = 1.25, MOST = 12, STEP = 0.15, CLICK = 4; // CLICK: px that a hand trembles
const SVG = "http://www.w3.org/2000/svg";

export class Sheets {
  constructor(root, onBox, onTurn) {
    this.pane = root.querySelector(".sheets");
    this.figures = [...this.pane.querySelectorAll("figure")];
    this.thumbs = [...root.querySelectorAll(".thumb")];
    Object.assign(this, {onBox, onTurn}); // without onTurn a turn is this tab's alone
    this.n = 1;
    this.views = this.figures.map((figure) => ({zoom: 1, x: null, y: null, turn: +figure.querySelector("svg").dataset.turn}));
    for (const thumb of this.thumbs)
      thumb.addEventListener("click", (event) => { event.preventDefault(); this.show(+thumb.dataset.page); });
    for (const button of this.pane.querySelectorAll("[data-view]"))
      button.addEventListener("click", () => this.act(button.dataset.view));
    this.figures.forEach((figure, at) => this.listen(figure.querySelector("svg"), at));
    if (!onTurn) this.remember();
    new ResizeObserver(() => this.draw()).observe(this.pane);
    this.show(1);
  }

  get view() { return this.views[this.n - 1]; }
  get svg() { return this.figures[this.n - 1].querySelector("svg"); }

  show(n) {
    this.n = Math.min(Math.max(n, 1), this.figures.length);
    this.figures.forEach((figure, at) => { figure.hidden = at !== this.n - 1; });
    this.thumbs.forEach((thumb, at) => {
      if (at === this.n - 1) thumb.setAttribute("aria-current", "page"); else thumb.removeAttribute("aria-current");
    });
    this.thumbs[this.n - 1]?.scrollIntoView({block: "nearest"});
    this.pane.querySelector(".which").textContent = `${this.n} / ${this.figures.length}`;
    const pages = document.querySelector("#aside [name=pages]");
    if (pages) pages.value = this.n;
    const image = this.svg.querySelector("image");
    if (!image.getAttribute("href")) image.setAttribute("href", image.dataset.href);
    this.draw();
  }

  act(what) {
    const view = this.view;
    switch (what) {
      case "next": return this.show(this.n + 1);
      case "previous": return this.show(this.n - 1);
      case "in": view.zoom = Math.min(view.zoom * ZOOM, MOST); break;
      case "out": view.zoom = Math.max(view.zoom / ZOOM, 1); break;
      case "fit": Object.assign(view, {zoom: 1, x: null, y: null}); break;
      case "width": {
        const {width, wide} = this.frame();
        view.zoom = wide / width; view.x = width / 2; view.y = 0; break;
      }
      case "rotate": return this.turn(this.n, view.turn + 90);
      case "back": return this.turn(this.n, view.turn + 270);
    }
    this.draw();
  }

  turn(n, to) {
    this.stand(n, to);
    if (this.onTurn) this.onTurn(n, to % 360); else sessionStorage.setItem(this.names[n - 1], to % 360);
  }

  // Pages that were turned here before, for this tab only: filed paper is turned by a correction.
  remember() {
    const images = this.figures.map((figure) => figure.querySelector("image"));
    this.names = images.map((image) => `turn of ${(image.dataset.href ?? image.getAttribute("href")).split(/.[0-9]+\.png/)[0]}`);
    this.names.forEach((name, at) => { const turn = sessionStorage.getItem(name); if (turn !== null) this.stand(at + 1, +turn); });
  }

  // The page and its thumbnail, turned; what was read on it keeps its place on it.
  stand(n, to) {
    const turn = to % 360, thumb = this.thumbs[n - 1]?.querySelector("img");
    Object.assign(this.views[n - 1], {turn, zoom: 1, x: null, y: null});
    if (thumb) {
      const {width, height} = this.figures[n - 1].querySelector("svg").dataset;
      [thumb.width, thumb.height] = turn % 180 ? [height, width] : [width, height];
      thumb.src = `${thumb.src.split("?")[0]}?turn=${turn}`;
    }
    this.draw();
  }

  move(right, down) {
    const view = this.view, {wide, high} = this.frame();
    view.x = this.x + right * STEP * wide / view.zoom; view.y = this.y + down * STEP * high / view.zoom;
    this.draw();
  }

  // Where a point of the page as it was read lies on the page as it stands.
  seen(x, y) {
    const {w, h} = this.frame();
    return {0: {x, y}, 90: {x: h - y, y: x}, 180: {x: w - x, y: h - y}, 270: {x: y, y: w - x}}[this.view.turn];
  }

  // The page as it stands now, and the part of the plane that shows all of it.
  frame() {
    const svg = this.svg, turned = this.view.turn % 180 !== 0;
    const [w, h] = [+svg.dataset.width, +svg.dataset.height];
    const [width, height] = turned ? [h, w] : [w, h];
    const shape = (svg.clientWidth || 1) / (svg.clientHeight || 1);
    const tall = width / height < shape;
    return {w, h, width, height, wide: tall ? height * shape : width, high: tall ? height : width / shape};
  }

  draw() {
    const view = this.view, svg = this.svg, {w, h, width, height, wide, high} = this.frame();
    const [vw, vh] = [wide / view.zoom, high / view.zoom];
    const within = (at, seen, all) => seen >= all ? all / 2 : Math.min(Math.max(at, seen / 2), all - seen / 2);
    this.x = within(view.x ?? width / 2, vw, width);
    this.y = within(view.y ?? height / 2, vh, height);
    svg.setAttribute("viewBox", `${this.x - vw / 2} ${this.y - vh / 2} ${vw} ${vh}`);
    const to = {0: "", 90: `translate(${h} 0) rotate(90)`, 180: `translate(${w} ${h}) rotate(180)`, 270: `translate(0 ${w}) rotate(270)`};
    svg.querySelector("g").setAttribute("transform", to[view.turn]);
    if (svg.clientWidth / vw * width > 1300) this.sharpen(svg.querySelector("image"));
  }

  sharpen(image) {
    const fine = image.getAttribute("href")?.replace("/1100.png", "/2200.png");
    if (!fine || image.getAttribute("href") === fine) return;
    const loaded = new Image();
    loaded.onload = () => image.setAttribute("href", fine);
    loaded.src = fine;
  }

  // Marks what was read for a field, and shows the page where it stands.
  light(field) {
    let first = null;
    for (const rect of this.pane.querySelectorAll("rect[data-field]")) {
      const is = rect.dataset.field === field;
      rect.classList.toggle("lit", is);
      if (is && !first) first = rect;
    }
    const page = first && +first.closest("figure").dataset.page;
    if (page && page !== this.n && ![...this.figures[this.n - 1].querySelectorAll("rect.lit")].length) this.show(page);
  }

  look(n, box) {
    this.show(n);
    this.svg.querySelector(".looked")?.remove();
    const [x, y, width, height] = box.split(" ").map(Number);
    const rect = this.rect("looked", x, y, width, height);
    const at = this.seen(x + width / 2, y + height / 2);
    Object.assign(this.view, {zoom: Math.max(this.view.zoom, 2), ...at});
    this.draw();
    setTimeout(() => rect.remove(), 4000);
  }

  rect(kind, x, y, width, height) {
    const rect = document.createElementNS(SVG, "rect");
    rect.setAttribute("class", kind);
    for (const [name, value] of Object.entries({x, y, width, height})) rect.setAttribute(name, value);
    this.svg.querySelector("g").append(rect);
    return rect;
  }

  place(event) {
    const at = new DOMPoint(event.clientX, event.clientY);
    return at.matrixTransform(this.svg.querySelector("g").getScreenCTM().inverse());
  }

  listen(svg, at) {
    let start = null, drawn = null, last = null;
    svg.addEventListener("wheel", (event) => {
      event.preventDefault();
      if (event.ctrlKey) this.act(event.deltaY < 0 ? "in" : "out");
      else this.move(Math.sign(event.deltaX), Math.sign(event.deltaY));
    }, {passive: false});
    svg.addEventListener("pointerdown", (event) => {
      svg.setPointerCapture(event.pointerId);
      start = this.place(event);
      last = event.shiftKey || event.button === 1 ? event : null;
      this.pane.classList.toggle("moving", last !== null);
    });
    svg.addEventListener("pointermove", (event) => {
      if (!start) return;
      if (last) {
        const scale = this.frame().wide / this.view.zoom / svg.clientWidth;
        this.view.x = this.x - (event.clientX - last.clientX) * scale;
        this.view.y = this.y - (event.clientY - last.clientY) * scale;
        last = event;
        return this.draw();
      }
      const now = this.place(event);
      drawn?.remove();
      drawn = this.rect("drawn", Math.min(start.x, now.x), Math.min(start.y, now.y), Math.abs(now.x - start.x), Math.abs(now.y - start.y));
    });
    const end = (event) => {
      if (start && !last && event.type === "pointerup") {
        const now = this.place(event), scale = this.frame().wide / this.view.zoom / svg.clientWidth;
        const still = Math.hypot(now.x - start.x, now.y - start.y) < CLICK * scale;
        const to = still ? start : now;
        this.onBox(at + 1, {left: start.x, top: start.y, right: to.x, bottom: to.y});
      }
      drawn?.remove(); start = drawn = last = null;
      this.pane.classList.remove("moving");
    };
    svg.addEventListener("pointerup", end);
    svg.addEventListener("pointercancel", end);
  }
}
