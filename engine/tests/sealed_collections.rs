//! Collections that a sealed image holds: requests change them through every kind of write, a reset undoes it.
use lockgate_engine::builtins::spec::BARE;
use lockgate_engine::compile::{NoLoader, Options, SourceFile};
use lockgate_engine::engine::Program;
use lockgate_engine::image::Runtime;
use lockgate_engine::limits::Limits;
use lockgate_engine::link;
use lockgate_engine::value::Value;

const SCRIPT: &str = r#"
var key = { name: 'key' };
var map = new Map([[key, 1], ['text', 2], [3, 3]]);
for (var i = 0; i < 40; i++) map.set('n' + i, i);
var set = new Set(['a', 'b', 'c']);
var weak = new WeakMap([[key, 'weak']]);
var list = Array.from({ length: 300 }, (_, i) => 300 - i);
var queue = ['first', 'second'];
var holes = [1, , 3];
var bytes = new Uint8Array([3, 1, 2, 250]);
var floats = new Float64Array(40).fill(0.5);
var buffer = new ArrayBuffer(4, { maxByteLength: 64 });
var shared = new Int32Array(new SharedArrayBuffer(8));
var keys = map.keys();
keys.next();

function check(what, ok) { if (!ok) throw new Error(what); }

function request() {
  check('map', map.size === 43 && map.get(key) === 1 && map.get('n39') === 39 && !map.has('late'));
  check('set', [...set].join() === 'a,b,c');
  check('weak', weak.get(key) === 'weak' && !weak.has(map));
  check('list', list.length === 300 && list[0] === 300 && list[299] === 1);
  check('queue', queue.join() === 'first,second' && holes.length === 3 && !(1 in holes));
  check('bytes', bytes.join() === '3,1,2,250' && floats[39] === 0.5 && buffer.byteLength === 4 && shared[1] === 0);
  map.set('text', 'changed').set('late', 1).delete(key);
  for (var i = 0; i < 200; i++) map.set(i, { i });
  for (var i = 0; i < 40; i++) map.delete('n' + i);
  check('iterator of the image', keys.next().value === 'text' && [...keys].length === 201);
  set.delete('b');
  set.add({});
  set.clear();
  set.add('new');
  weak.set(map, 1).delete(key);
  list.sort((a, b) => a - b);
  check('sorted', list[0] === 1 && list[299] === 300);
  list.reverse();
  list.splice(10, 5, 'x', 'y');
  list.copyWithin(0, 100, 110);
  list.fill(key, 20, 25);
  list.unshift({});
  list.shift();
  queue.push('third');
  queue.shift();
  queue.length = 0;
  holes[1] = 'filled';
  holes.pop();
  bytes.sort();
  bytes.set([9, 8], 1);
  floats.fill(1.5).reverse();
  new DataView(floats.buffer).setFloat64(8, 2);
  new Uint8Array(buffer).fill(7);
  buffer.resize(64);
  Atomics.add(shared, 1, 5);
  Atomics.waitAsync(shared, 0, 0);
}
"#;

#[test]
fn a_reset_restores_collections_of_the_image() {
    let entry = SourceFile { name: "sealed.js".to_string(), text: SCRIPT.to_string() };
    let options = Options::new(lockgate_engine::compile::Goal::Script);
    let program = Program::compile(entry, &options, &mut NoLoader).expect("the script compiles");
    let image = program.image(&BARE, &Limits::default()).expect("the script runs and seals");
    let mut runtime = Runtime::from_image(&image, &Limits::default()).expect("a cage");
    for round in 1..=3 {
        let outcome = runtime.enter(|rt| {
            let request = link::global_value(rt, "request").unwrap_or(Value::UNDEFINED);
            rt.call(request, Value::UNDEFINED, &[]).map(|_| ())
        });
        assert_eq!(outcome.map_err(|fault| fault.to_string()), Ok(()), "round {round}");
        runtime.verify().expect("the heap is sound after a request");
        runtime.reset();
        runtime.poison_arena();
        assert_eq!(runtime.check_invariant(), Ok(()), "round {round}");
        runtime.verify().expect("the heap is sound after a reset");
    }
}
