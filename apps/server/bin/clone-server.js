#!/usr/bin/env node
// A committed file, so that package managers can link the command before the first build.
import '../dist/signals.js';
import '../dist/garbage-collector.js';

// After the settings: loading it makes garbage, which would make the young generation grow.
await import('../dist/cli.js');
