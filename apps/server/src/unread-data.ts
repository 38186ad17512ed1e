/**
 * What lies in the data directory and this start does not read: files of Redis that are not
 * supported yet, and logs that the configuration does not name. An operator who sees an empty
 * server must be told where the data are. Only names are looked at, after the log is loaded;
 * nothing is changed.
 */
import { basename, join } from 'node:path';
import type { FileSystem } from '@clone/persistence-aof';
import type { Config } from './config/config.js';

/**
 * In a directory with more entries only names that the configuration has, or that say what they
 * are, are looked at.
 */
const MOST_ENTRIES = 200;
const MOST_NAMED = 3;
const LOG_FILE = /\.\d+\.(?:base|incr)\.(?:aof|rdb)$/;
const MANIFEST = '.manifest';

/** @returns a line for each, with what to do */
export async function findUnreadData(fileSystem: FileSystem, config: Config): Promise<string[]> {
  const { dir } = config;
  const names = await list(fileSystem, dir);
  const lines = [];
  const files = new Set<string>();
  const directories: string[] = [];
  for (const name of names) {
    const isKnown = /aof|appendonly|\.rdb$/i.test(name) || isOurs(name, config);
    if (name === 'clone.lock' || (!isKnown && names.length > MOST_ENTRIES)) continue;
    const stat = await fileSystem.stat(join(dir, name)).catch(() => undefined);
    if (stat?.isDirectory === true) directories.push(name);
    else if (stat !== undefined && stat.size > 0) files.add(name);
  }
  lines.push(...snapshots(config, files), ...oldStyleFiles(config, files));
  for (const name of directories) lines.push(...(await logsIn(fileSystem, config, name)));
  return lines;
}

function isOurs(name: string, config: Config): boolean {
  return [config.appendDirname, config.appendFilename, config.get('dbfilename')].includes(name);
}

function snapshots(config: Config, files: ReadonlySet<string>): string[] {
  const named = config.get('dbfilename') ?? '';
  const found = [...files].filter((name) => name === named || name.endsWith('.rdb')).filter(isFinished);
  if (found.length === 0) return [];
  return [
    `${list3(found)} in ${config.dir} is not read: RDB files are not supported yet, and it stays as it is; docs/persistence.md says how to move over from Redis`,
  ];
}

/** Redis before 7.0 kept its log in one file beside the directories. */
function oldStyleFiles(config: Config, files: ReadonlySet<string>): string[] {
  const found = [...files].filter((name) => name === config.appendFilename || name.endsWith('.aof')).filter(isFinished);
  return found.flatMap((name) => {
    const isNamed = name === config.appendFilename;
    const path = join(config.dir, name);
    const how = `to read it, start with --appendonly yes${isNamed ? '' : ` --appendfilename ${name}`} in a dir without ${config.appendDirname}`;
    return [`${path} looks like an append only file of Redis before 7.0 and is not read: ${how}`];
  });
}

async function logsIn(fileSystem: FileSystem, config: Config, directory: string): Promise<string[]> {
  const names = await list(fileSystem, join(config.dir, directory));
  const isNamed = directory === config.appendDirname;
  const owners = names.filter((name) => name.endsWith(MANIFEST)).filter(isFinished);
  const others = owners.map((name) => name.slice(0, -MANIFEST.length)).filter((name) => name !== '');
  const strays = names.filter((name) => LOG_FILE.test(name) && !others.some((owner) => name.startsWith(`${owner}.`)));
  const path = join(config.dir, directory);
  const lines = [];
  for (const owner of others) {
    if (isNamed && owner === config.appendFilename && config.appendOnly) continue;
    const options = [
      '--appendonly yes',
      ...(isNamed ? [] : [`--appenddirname ${directory}`]),
      ...(owner === config.appendFilename ? [] : [`--appendfilename ${owner}`]),
    ];
    lines.push(`the append only file ${owner} in ${path} is not read: to read it, start with ${options.join(' ')}`);
  }
  // Those of the log that is read are the loader's to refuse.
  if (strays.length > 0 && !(isNamed && config.appendOnly)) {
    lines.push(`${list3(strays)} in ${path} is of an append only file whose manifest is missing, and is not read`);
  }
  return lines;
}

const isFinished = (name: string): boolean => !name.startsWith('temp-');

function list3(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map((name) => basename(name));
  const rest = names.length - shown.length;
  return rest === 0 ? shown.join(', ') : `${shown.join(', ')} (and ${rest} more)`;
}

async function list(fileSystem: FileSystem, path: string): Promise<string[]> {
  return (await fileSystem.readdir(path).catch(() => [])).sort();
}
