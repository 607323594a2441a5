import { absent } from './parts/has-one.js';
import nothing from './parts/has-one.js';
