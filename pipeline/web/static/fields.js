// The form: which field is marked, what is still open, choosing by number.

const ORDER = ["patient", "type", "stay"]; // a document may be undated

export class Fields {
  constructor(form, onMark) {
    this.form = form;
    this.onMark = onMark;
    this.sets = new Map([...form.querySelectorAll("fieldset[data-field]")].map((set) => [set.dataset.field, set]));
    for (const [field, set] of this.sets) set.addEventListener("focusin", () => this.mark(field));
    for (const button of form.querySelectorAll(".suggest button"))
      button.addEventListener("click", () => this.take(button));
    form.addEventListener("change", () => this.tell());
    this.tell();
  }

  input(field) {
    return this.form.querySelector({patient: "#search", type: "#type-search", date: "#date", stay: "#stay"}[field]);
  }

  value(field) {
    if (field === "patient") return this.form.querySelector("[name=mrn]:checked")?.value ?? "";
    return this.form.querySelector({type: "#type", date: "#date", stay: "#stay"}[field])?.value ?? "";
  }

  // What must be chosen and is not. Of several stays one is chosen, or none by hand.
  get open() {
    return ORDER.filter((field) => {
      if (!this.sets.has(field) || this.value(field)) return false;
      return field !== "stay" || (this.form.querySelector("#stay").options.length > 2 && !this.passed);
    });
  }

  mark(field) {
    this.marked = field;
    for (const [name, set] of this.sets) set.classList.toggle("active", name === field);
    this.onMark(field);
  }

  tell() {
    const open = this.open;
    for (const [name, set] of this.sets) set.classList.toggle("open", open.includes(name));
    const named = {patient: "whose it is", type: "what it is", stay: "to which stay it belongs"};
    document.querySelector("#state").textContent = open.length ? `Choose ${open.map((one) => named[one]).join(", ")}.` : "";
  }

  // Numbers mean the field that is in doubt, also where the form holds a value for it.
  begin(doubt) {
    this.advance();
    if (!this.open.length && this.sets.has(doubt)) this.mark(doubt);
  }

  // To the first open field, else to the button: there Enter files.
  advance() {
    const [next] = this.open;
    if (next) { this.sets.get(next).focus({preventScroll: true}); this.mark(next); this.sets.get(next).scrollIntoView({block: "nearest"}); }
    else this.form.querySelector("#file").focus({preventScroll: true});
  }

  choose(nth) {
    const set = this.sets.get(this.marked ?? "patient");
    const one = set?.querySelector(`[data-nth="${nth}"]`);
    if (!one) return false;
    if (one.type === "radio") { one.checked = true; this.changed(one); this.advance(); } else this.take(one);
    return true;
  }

  take(button) {
    const field = button.closest("fieldset").dataset.field;
    if (field === "stay") this.passed = true;
    this.set(field, button.dataset.value);
    this.advance();
  }

  set(field, value) {
    const input = this.form.querySelector({type: "#type", date: "#date", stay: "#stay"}[field]);
    input.value = value;
    this.changed(input);
  }

  changed(input) { input.dispatchEvent(new Event("change", {bubbles: true})); }
}
