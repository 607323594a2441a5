// indexOf, slice, split, case, trim, replace, charCodeAt on short strings.
var expected = 1612;
var result;
const text = 'The quick brown fox jumps over the lazy dog';
function bench() {
  let n = 0;
  for (let i = 0; i < 10; i++) {
    n += text.indexOf('fox') + text.length + text.slice(4, 9).length + text.toUpperCase().indexOf('LAZY');
    n += text.split(' ').length + text.replace('quick', 'slow').length + '  trim me '.trim().length;
    n += (text.startsWith('The') ? 1 : 0) + (text.includes('dog') ? 1 : 0) + text.charCodeAt(i) % 3 + text.lastIndexOf('o') - 40;
  }
  result = n;
}
