// TypeScript: types are erased; enums, namespaces and parameter properties are code.
import type { Missing } from './nowhere';
import { type AlsoMissing, value as imported } from './modules/_lib.mjs';
import Unused from './nowhere';
export type { Missing };
export interface Shape { readonly side: number; area?(): number; [key: string]: unknown; new (x: number): Shape; (y: string): void }
type Alias<T extends object = {}> = { [K in keyof T]?: T[K] } & (T extends infer U ? U : never) | `tpl${string}` | unique symbol | [a: string, b?: number, ...rest: boolean[]];
declare const ambient: number;
declare function external(x: string): void;
declare class Ambient { x: number; }
declare module 'elsewhere' { export const x: number; }
declare global { interface Window { y: 1 } }
declare enum Gone { A }
declare namespace Nothing { const z: number; }
assert.sameValue(imported, 1);
assert.sameValue(typeof globalThis['ambient'], 'undefined');

function typed<T, U extends T = T>(this: unknown, a: T, b?: U, c: number = 3, ...rest: string[]): asserts a is T { return [a, b, c, rest.length] as any; }
assert.deepEqual((typed as any)<string>('a'), ['a', undefined, 3, 0]);
assert.sameValue(typed.length, 2, 'this is no parameter');
function overloaded(x: string): string;
function overloaded(x: number): number;
function overloaded(x: any): any { return x; }
assert.sameValue(overloaded(5), 5);
const arrow = <T,>(x: T): x is T => (x as unknown as boolean)!;
assert.sameValue(arrow(true), true);
const generic = async <T extends unknown>(x: T): Promise<T> => x;
assert.sameValue(await generic<number>(4), 4);
let definite!: number;
definite = 1;
const value = { a: [1, 2] as const, b: <any>'cast', c: 'x' satisfies string } satisfies object as { a: readonly number[]; b: string; c: string };
assert.deepEqual(value, { a: [1, 2], b: 'cast', c: 'x' });
assert.sameValue(value!.a![0]!, 1);
assert.sameValue((value as any)?.b!.length, 4);
let counter: number = 1;
(counter as number) = 5;
(counter as any)++;
counter! += 1;
assert.sameValue(counter, 7);
for (const x of [1] as number[]) assert.sameValue(x, 1);
const less = 1 < 2, call = typed<string>, made = new Map<string, Array<number>>([['k', [1]]]);
assert.sameValue(less && call === typed && made.get('k')![0], 1);
const { a: first, ...others }: { a: unknown; b: string; c: string } = value;
assert.compareArray(Object.keys(others), ['b', 'c']);
try { throw 1; } catch (e: unknown) { assert.sameValue(e, 1); }
label: for (;;) { break label; }
abstract class Base<T> {
  abstract area(): number;
  abstract readonly kind: string;
  declare ambientField: number;
  protected optional?: string;
  static readonly count: number = 1;
  private static secret = 2;
  public override toString(): string { return `Base${Base.secret}`; }
  get size(): number { return 1; }
  set size(v: number) {}
  method?(): void;
  [key: string]: any;
  constructor(public readonly name: string, protected n = 2, private list: T[] = [], plain?: number) { this.order = Object.keys(this).join(); }
  order: string = 'initial';
}
class Derived extends Base<number> implements Shape {
  kind = 'derived';
  constructor(readonly extra: number) { super('d'); assert.sameValue(this.extra, extra); }
  area(): number { return this.n * this.extra; }
  side = 0;
}
const derived = new Derived(5);
assert.compareArray([derived.name, derived.n, derived.extra, derived.area(), derived.kind, Base.count], ['d', 2, 5, 10, 'derived', 1]);
assert.sameValue('ambientField' in derived, false);
assert.sameValue('method' in derived, false);
assert.sameValue('plain' in derived, false);
assert.sameValue(Object.hasOwn(derived, 'optional'), true);
assert.sameValue(String(derived), 'Base2');
// Enums.
enum Plain { A, B, C = 10, D, E = C * 2 + 1, F = `f${1 + 1}`.length, G = 1 << 4 | 1, H = -1, I = ~0 }
assert.compareArray([Plain.A, Plain.B, Plain.C, Plain.D, Plain.E, Plain.F, Plain.G, Plain.H, Plain.I], [0, 1, 10, 11, 21, 2, 17, -1, -1]);
assert.sameValue(Plain[10], 'C');
assert.sameValue(Plain[Plain.H], 'I');
enum Text { Up = 'UP', Down = 'DOWN', 'quoted key' = 'q', Both = `${Up}-x` }
assert.compareArray([Text.Up, Text['quoted key'], Text.Both], ['UP', 'q', 'UP-x']);
assert.sameValue((Text as any).UP, undefined, 'strings have no way back');
enum Mixed { N = 1, S = 's', C = Math.max(3, 4), L = 'abc'.length, P = Plain.D }
assert.compareArray([Mixed.N, Mixed.S, Mixed.C, Mixed.L, Mixed.P, (Mixed as any)[4]], [1, 's', 4, 3, 11, 'C']);
enum Plain { Z = 100 }
assert.compareArray([Plain.A, Plain.Z], [0, 100]);
const enum Fixed { One = 1, Two, Sum = One + Two, Word = 'w' }
assert.compareArray([Fixed.One, Fixed.Two, Fixed.Sum, Fixed.Word, Fixed['Two']], [1, 2, 3, 'w', 2]);
export enum Exported { X = 'x' }
{ enum Local { A = 5 } assert.sameValue(Local.A, 5); }
const describe = (p: Plain): string => { switch (p) { case Plain.A: return 'a'; case Plain.C: return 'c'; default: return 'other'; } };
assert.compareArray([describe(0), describe(10), describe(11)], ['a', 'c', 'other']);
// Namespaces.
namespace Util { export const one = 1; let hidden = 2; export function two() { return one + hidden - 1; } export namespace Inner { export const deep = one + 10; } export class K { v = one; } export enum E { A = 7 } export let mutable = 0; export function bump() { return ++mutable; } export type T = number; }
assert.compareArray([Util.one, Util.two(), Util.Inner.deep, new Util.K().v, Util.E.A], [1, 2, 11, 1, 7]);
assert.sameValue('hidden' in Util, false);
Util.bump();
assert.sameValue(Util.mutable, 1);
namespace Util { export const more = Util.one + 1; }
assert.sameValue(Util.more, 2);
namespace A.B.C { export const x = 'abc'; }
namespace A.B.C { export const y = 'again'; export enum E { P } }
namespace A.B { export namespace C { export enum E { Q = 5 } } }
assert.compareArray([A.B.C.x, A.B.C.y, A.B.C.E.P, A.B.C.E.Q], ['abc', 'again', 0, 5]);
function merged() { return merged.extra; }
namespace merged { export const extra = 'on a function'; }
assert.sameValue(merged(), 'on a function');
namespace OnlyTypes { export interface I {} export type T = 1; }
assert.sameValue(typeof globalThis['OnlyTypes'], 'undefined');
// Names that are words of the type language.
const type = 1, namespace = 2, declare = 3, as = 4, satisfies = 5, is = 6, readonly = 7, abstract = 8, infer = 9, keyof = 10;
assert.sameValue(type + namespace + declare + as + satisfies + is + readonly + abstract + infer + keyof, 55);
assert.sameValue(as as number, 4);
export default interface Last {}
