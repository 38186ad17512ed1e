/**
 * The program, in the order in which it must be loaded: the handlers of signals first, then the settings of the garbage
 * collector (loading the rest makes garbage, which would make the young generation grow), then everything else.
 */
import './signals.js';
import './garbage-collector.js';
import { openFilesLimit, tooFewFiles } from './open-files.js';

const limit = openFilesLimit();
try {
  await import('./cli.js');
} catch (error) {
  const reason = tooFewFiles(error, limit);
  if (reason === '') throw error;
  process.stderr.write(`clone-server: ${reason}\n`);
  process.exit(1);
}
