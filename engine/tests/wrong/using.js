{ using file = open(); }
