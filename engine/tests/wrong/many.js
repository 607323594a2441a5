let a; let a;
const b = c => { return };
for (const x of y) { break nope; }
class K { constructor() {} constructor() {} }
