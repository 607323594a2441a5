for (;;) { break nowhere; }
