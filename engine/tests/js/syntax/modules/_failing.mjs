globalThis.failingRuns = (globalThis.failingRuns ?? 0) + 1;
throw new RangeError('module failed');
