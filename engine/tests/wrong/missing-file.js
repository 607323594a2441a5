import { a } from './not-there.js';
