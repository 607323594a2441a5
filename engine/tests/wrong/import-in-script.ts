// script
import { a } from './parts/has-one.js';
