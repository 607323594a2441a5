class Base {
  #secret = 1;
  static made = 0;
  static { Base.made++; }
  constructor(name) { this.name = name; }
  get secret() { return this.#secret; }
  set secret(v) { this.#secret = v; }
  #hidden() { return this.#secret; }
  show() { return this.#hidden() + (#secret in this ? 1 : 0); }
}
export class Derived extends Base {
  extra = () => this.name;
  ['computed' + 1] = 2;
  constructor(...args) { super(...args); this.x = new.target; }
  show() { return super.show() * 2; }
}
export default class {}
