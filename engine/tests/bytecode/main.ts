import { type T, Color, make } from './parts/dep';
import * as dep from './parts/dep';
import Unused from './parts/nowhere';
export { make as again } from './parts/dep';
export * from './parts/star.js';
enum Level { Low = 1, High = Low << 2, Text = `t${Low}` }
namespace Util { export const one = 1; export function two() { return one + 1; } }
class Point { constructor(public x: number, private readonly y = 0) {} }
const value: T = make(Color.Red)!;
export default { level: Level.High, two: Util.two(), point: new Point(1), ns: dep.make, value } satisfies object;
const lazy = () => import('./parts/lazy');
