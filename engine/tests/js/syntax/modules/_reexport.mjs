export * from './_star_one.mjs';
export * from './_star_two.mjs';
export * as ns from './_star_two.mjs';
export { one as uno, default as fallback } from './_star_one.mjs';
import { two } from './_star_two.mjs';
export { two as dos };
export default class { v = 1; }
