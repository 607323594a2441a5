here: { continue here; }
