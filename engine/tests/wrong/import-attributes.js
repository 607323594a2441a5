import data from './parts/has-one.js' with { type: 'json' };
