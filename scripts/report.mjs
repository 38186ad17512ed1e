// Reads vitest's JSON report and prints `N passed, N failed` as the last line of a CI run.
// A file that could not be loaded has no test to fail: it counts as one failure.
import { existsSync } from 'node:fs';
import { readJson } from './workspace.mjs';

const [file = '.ci/report.json'] = process.argv.slice(2);

/** @type {{ numPassedTests: number, numFailedTests: number, numPendingTests: number, numTodoTests: number, testResults: { name: string, status: string, assertionResults: { status: string }[] }[] } | undefined} */
const report = existsSync(file) ? readJson(file) : undefined;
if (report === undefined) {
  console.log('no test report: the tests did not run to their end');
  console.log('0 passed, 1 failed');
  process.exitCode = 1;
} else {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  );
  for (const { name } of brokenFiles) console.log(`failed outside a test: ${name}`);
  const failed = report.numFailedTests + brokenFiles.length;
  const skipped = report.numPendingTests + report.numTodoTests;
  console.log(`${report.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  if (failed > 0 || report.numPassedTests === 0) process.exitCode = 1;
}
