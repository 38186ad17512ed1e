import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**'] },
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // Numbers in templates are as readable as strings.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `while (true)` is the honest form of a parser's loop.
      '@typescript-eslint/no-unnecessary-condition': [
        'error',
        { allowConstantLoopConditions: 'only-allowed-literals' },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/prefer-for-of': 'off',
      // Typed-array indexes that the surrounding code has bounds for: a check would cost on every byte.
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  // Fake timers of a test replace the globals: the server's own work goes on in real time (test/fake-timers.test.ts).
  {
    files: ['apps/server/src/**/*.ts'],
    ignores: ['**/*.test.ts', '**/*.fixture.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({
          name,
          message: "Import it from 'node:timers'.",
        })),
        ...['clearTimeout', 'clearInterval', 'clearImmediate'].map((name) => ({
          name,
          message: "Import it from 'node:timers'.",
        })),
        { name: 'performance', message: 'wall-clock.ts has the clocks.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'wall-clock.ts has the clocks.' },
      ],
    },
  },
  { files: ['apps/server/src/wall-clock.ts'], rules: { 'no-restricted-properties': 'off' } },
  // Scripts, examples and configuration are JavaScript: `tsc` checks the scripts (checkJs), the linter needs no types for them.
  { files: ['**/*.js', '**/*.mjs'], ...tseslint.configs.disableTypeChecked },
);
