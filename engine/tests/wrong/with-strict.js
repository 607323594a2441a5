with (Math) { }
