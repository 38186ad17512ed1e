import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// One run over all packages, from `src` (never from `dist`): every `@clone/*` import resolves to the source.
const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** It measures what V8 makes of the code, which depends on all that has run in the process. */
const alone = 'packages/command-registry/src/allocation.test.ts';
const packages = ['resp-codec', 'core-store', 'eviction-lru', 'persistence-aof', 'command-registry'];

// The longest files begin first, so that none of them is alone at the end.
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/differential/');
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  resolve: {
    alias: [
      ...packages.map((name) => ({
        find: new RegExp(`^@clone/${name}$`),
        replacement: source(`./packages/${name}/src/index.ts`),
      })),
      { find: /^@clone\/server$/, replacement: source('./apps/server/src/index.ts') },
    ],
  },
  test: {
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Processes, not threads: tests start servers, measure stalls and signal themselves.
    pool: 'forks',
    // Much of the time a test waits for another process: two at a time even where there are two processors only.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        // Nothing outlives a test here, so files of a worker share what they import: a third of the time of these.
        test: {
          name: 'packages',
          include: ['packages/*/{src,test}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**', alone],
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'programs', include: ['apps/*/{src,test}/**/*.test.ts', 'test/**/*.test.ts', alone] },
      },
    ],
  },
});
