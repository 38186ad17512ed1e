import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

// One run over all packages, from `src` (never from `dist`): every `@clone/*` import resolves to the source.
const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const packages = ['resp-codec', 'core-store', 'eviction-lru', 'persistence-aof', 'command-registry'];

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
    include: ['{packages,apps}/*/{src,test}/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // Processes, not threads: tests start servers, measure stalls and signal themselves.
    pool: 'forks',
  },
});
