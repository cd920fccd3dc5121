// A list under an input, gone through by arrows: patients found, types that fit.

export class Options {
  // find(text) gives items; item.told its line; pick(item) takes it; send() is for
  // Shift+Enter, which takes it and files.
  constructor(input, list, find, pick, send) {
    Object.assign(this, {input, list, find, pick, send, items: [], at: -1, asked: 0});
    input.setAttribute("autocomplete", "off");
    input.addEventListener("input", () => this.ask());
    input.addEventListener("keydown", (event) => this.key(event));
    list.addEventListener("mousedown", (event) => {
      const line = event.target.closest("[role=option]");
      if (line) { event.preventDefault(); this.take([...list.children].indexOf(line)); }
    });
    input.addEventListener("blur", () => this.close());
  }

  async ask() {
    const asked = ++this.asked, text = this.input.value.trim();
    const items = text ? await this.find(text) : [];
    if (asked !== this.asked) return; // a later key has asked again
    this.items = items;
    this.list.replaceChildren(...items.map((item, at) => {
      const line = document.createElement("li");
      line.setAttribute("role", "option");
      line.id = `${this.list.id}-${at}`;
      line.append(...item.told);
      return line;
    }));
    this.list.hidden = items.length === 0;
    this.input.setAttribute("aria-expanded", String(items.length > 0));
    this.go(items.length === 1 || this.first ? 0 : -1);
  }

  go(at) {
    this.at = Math.min(Math.max(at, -1), this.items.length - 1);
    [...this.list.children].forEach((line, n) => line.setAttribute("aria-selected", String(n === this.at)));
    const line = this.list.children[this.at];
    line?.scrollIntoView({block: "nearest"});
    if (line) this.input.setAttribute("aria-activedescendant", line.id); else this.input.removeAttribute("aria-activedescendant");
  }

  key(event) {
    switch (event.key) {
      case "ArrowDown": event.preventDefault(); return this.go(this.at + 1);
      case "ArrowUp": event.preventDefault(); return this.go(this.at - 1);
      case "Enter": event.preventDefault(); if (this.at >= 0) { this.take(this.at); if (event.shiftKey) this.send(); } return undefined;
      default: return undefined;
    }
  }

  take(at) {
    const item = this.items[at];
    if (!item) return;
    this.asked++;
    this.close();
    this.pick(item);
  }

  close() {
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
