let answer = 1;
let answer = 2;
