const name = 'Lockgate;
