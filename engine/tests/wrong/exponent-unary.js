const a = -2 ** 2;
