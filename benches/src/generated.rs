//! A large script, written by rule: what a bundled application looks like to a compiler.

/// Statements of a module of [`script`].
pub const STATEMENTS: usize = FUNCTIONS * STATEMENTS_PER_FUNCTION;

const FUNCTIONS: usize = 800;
/// The declaration, ten statements in its body and one in a branch of it.
const STATEMENTS_PER_FUNCTION: usize = 12;

/// A module of at least 8,000 statements that answers every request from a few of its functions.
pub fn script() -> String {
    let mut text = String::with_capacity(FUNCTIONS * 640);
    for i in 0..FUNCTIONS {
        text.push_str(&format!(
            "function step{i}(input, options) {{
  const settings = {{ name: 'step{i}', limit: {limit}, tags: ['a{i}', 'b', options.tag], ...options }};
  let total = input.length * {factor};
  for (let at = 0; at < settings.tags.length; at++) {{
    total += settings.tags[at].length + at;
  }}
  if (total > settings.limit) {{
    return {{ ok: false, total, why: `over ${{settings.limit}} in ${{settings.name}}` }};
  }}
  const parts = input.split('-').map((part) => part.trim().toUpperCase());
  const [first = 'none', ...rest] = parts;
  total += rest.length;
  settings.seen = first;
  return {{ ok: true, total, first, rest: rest.join('+'), settings }};
}}
",
            limit = 100 + i,
            factor = 1 + i % 7,
        ));
    }
    text.push_str(
        "export default {
  fetch(request) {
    const { ok, total } = step7('a-b-c', { tag: 'x' });
    return Response.json({ status: 'ok', ok, total: total + step11('q', { tag: 'y' }).total });
  },
};
",
    );
    text
}
