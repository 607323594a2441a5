import fs = require('fs');
