import again from '../main';
export interface T { a: number }
export enum Color { Red, Green }
export function make(c: Color): T { return { a: c, again } as any; }
