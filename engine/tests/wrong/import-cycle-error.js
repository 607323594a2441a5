import { x } from './parts/broken.js';
