// Brings servers of other Debian suites into .cache/references, for the tests to compare with: each with the libraries that it was
// built against and its own C library, beside the system and without touching it. Works for any user, since nothing is installed.
//
//   node scripts/fetch-references.mjs                              redis-8.0, which the tests need
//   node scripts/fetch-references.mjs redis-8.0 valkey-8.1 valkey-9.1
//
// What is there stays: a second call is instant. Each call builds in a directory of its own and moves it into place whole, so that
// calls at the same time do not meet and one that is ended half-way leaves nothing that looks finished.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { root, run } from './workspace.mjs';

/** @type {Record<string, { suite: string, package: string, version: RegExp }>} */
const references = {
  'redis-8.0': { suite: 'trixie', package: 'redis-server', version: /v=8\.0\.\d+/ },
  'valkey-8.1': { suite: 'trixie', package: 'valkey-server', version: /v=8\.1\.\d+/ },
  'valkey-9.1': { suite: 'sid', package: 'valkey-server', version: /v=9\.1\.\d+/ },
};

const cache = join(root, '.cache/references');

/** What cannot be had here; the message says why. */
class Unavailable extends Error {}

/** @param {string} path */
const textOf = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/** The machine's own source of Debian packages, in the one-line form, for another suite. @param {string} suite */
function sourceOf(suite) {
  if (!/^ID=debian$/m.test(textOf('/etc/os-release'))) throw new Unavailable('it needs Debian and its apt-get');
  // The newer form of the list first; both name where packages come from, and by which key they are signed.
  const [stanza = ''] = textOf('/etc/apt/sources.list.d/debian.sources').split(/\n\s*\n/);
  const field = (/** @type {string} */ name) => new RegExp(`^${name}:\\s*(\\S+)`, 'mi').exec(stanza)?.[1];
  const uri = field('URIs');
  if (uri !== undefined) {
    const key = field('Signed-By');
    return `deb ${key === undefined ? '' : `[signed-by=${key}] `}${uri} ${suite} main\n`;
  }
  const line = /^deb\s+(\[[^\]]*\]\s+)?(\S+)\s/m.exec(textOf('/etc/apt/sources.list'));
  if (!line) throw new Unavailable('/etc/apt names no source of Debian packages');
  return `deb ${line[1] ?? ''}${line[2] ?? ''} ${suite} main\n`;
}

/** @param {string} command @param {readonly string[]} args */
async function must(command, args) {
  const { code, output } = await run(command, args, { quiet: true, timeout: 300_000 }).catch((error) => {
    throw new Unavailable(
      `it needs ${command}, which does not run here (${error instanceof Error ? error.message : String(error)})`,
    );
  });
  if (code !== 0) throw new Unavailable(`${command} failed (is there a network?):\n${output.trim()}`);
  return output;
}

/** @param {string} name @param {string} work a directory for this call alone */
async function build(name, work) {
  const reference = references[name];
  if (!reference) throw new Unavailable(`it knows ${Object.keys(references).join(', ')}`);
  const apt = join(work, 'apt');
  for (const path of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(apt, path), { recursive: true });
  writeFileSync(join(apt, 'sources.list'), sourceOf(reference.suite));
  // Nothing is installed, as far as this apt knows: so every library comes along.
  writeFileSync(join(apt, 'status'), '');
  const settings = {
    'Dir::Etc::sourcelist': join(apt, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::Lists': join(apt, 'lists'),
    'Dir::State::status': join(apt, 'status'),
    'Dir::Cache': join(apt, 'cache'),
    'APT::Install-Recommends': 'false',
    // Root's apt would fetch as a user who may not write here; and the locks of the system are none of ours.
    'APT::Sandbox::User': 'root',
    'Debug::NoLocking': '1',
    // A list that cannot be had is an error now, not "unable to locate package" later.
    'APT::Update::Error-Mode': 'any',
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  await must('apt-get', [...options, '-qq', 'update']);
  await must('apt-get', [...options, '-qq', '-y', '--download-only', 'install', reference.package]);

  const made = join(work, 'made');
  const files = join(made, 'root');
  mkdirSync(join(made, 'bin'), { recursive: true });
  const archives = join(apt, 'cache/archives');
  for (const file of readdirSync(archives).filter((each) => each.endsWith('.deb'))) {
    await must('dpkg-deb', ['-x', join(archives, file), files]);
  }
  const [libraries] = readdirSync(join(files, 'usr/lib')).filter((each) => each.endsWith('-linux-gnu'));
  const place = `usr/lib/${libraries ?? ''}`;
  const loader = readdirSync(join(files, place)).find((each) => /^ld-linux.*\.so/.test(each));
  if (loader === undefined) throw new Unavailable(`the package ${reference.package} came without a C library`);
  for (const program of readdirSync(join(files, 'usr/bin')).filter((each) => /^(redis|valkey)-/.test(each))) {
    // The directory may be moved: the program is found from where this file is.
    const start = `root="$(dirname "$(readlink -f "$0")")/../root"\n`;
    const exec = `exec "$root/${place}/${loader}" --library-path "$root/${place}" --argv0 ${program} "$root/usr/bin/${program}" "$@"\n`;
    writeFileSync(join(made, 'bin', program), `#!/bin/sh\n${start}${exec}`);
    chmodSync(join(made, 'bin', program), 0o755);
  }
  const version = await must(join(made, 'bin', reference.package), ['--version']);
  if (!reference.version.test(version))
    throw new Unavailable(`Debian ${reference.suite} has another version: ${version.trim()}`);
  return { made, version: version.trim() };
}

/** @param {string} name */
async function fetch(name) {
  const place = join(cache, name);
  if (existsSync(place)) return `${name}: is there`;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, `.${basename(name)}-`));
  try {
    const { made, version } = await build(name, work);
    try {
      renameSync(made, place);
    } catch (error) {
      // Another call was faster: what it made is as good.
      if (!existsSync(place)) throw error;
    }
    return `${name}: ${version}`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : ['redis-8.0']) {
  try {
    console.log(await fetch(name));
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    console.error(`${name} cannot be fetched: ${error.message}`);
    process.exitCode = 1;
  }
}
