// script
with (Math) { sin(1); }
