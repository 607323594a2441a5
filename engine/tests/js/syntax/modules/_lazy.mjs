globalThis.lazyRuns = (globalThis.lazyRuns ?? 0) + 1;
export const value = await Promise.resolve('lazy');
export default () => value;
