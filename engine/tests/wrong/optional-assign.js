const o = {};
o?.x = 1;
