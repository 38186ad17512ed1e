// Users of one server: who they are, which sessions are theirs, what was refused to them.
//
// A session of a user who may do everything carries no `permissions`, and costs nothing. Whatever changes a user goes
// through `#changed`, which gives all of his sessions the permissions that they have from then on.

import { readFileSync } from 'node:fs';
import type { Command, Permissions, Session, Subscriptions } from '@clone/command-registry';
import type { Request } from '@clone/resp-codec';
import { bytesOf } from '../config/byte-text.js';
import { refused } from '../config/config.js';
import { ConfigError } from '../config/config-error.js';
import { reasonOf } from '../config/config-file.js';
import { replaceFile } from '../config/replace-file.js';
import { clientLine } from '../commands/client-line.js';
import type { ServerContext } from '../server-context.js';
import { AccessCheck, Verdict } from './access-check.js';
import { formatAclFile, parseAclFile } from './acl-file.js';
import { AclLog, type DeniedContext, type DeniedReason } from './log.js';
import { hashPassword } from './password.js';
import { beforeZero, quoteForConfig, ruleErrors, UnmatchedParenthesis } from './rule-text.js';
import { explainDenial, UserPermissions } from './user-permissions.js';
import { User, type UserDefaults } from './user.js';

/** What it needs of the server. */
export type AclHost = Pick<ServerContext, 'config' | 'clients' | 'dispatcher' | 'keyspace' | 'statistics' | 'log'>;

export class Acl {
  readonly log = new AclLog();

  readonly #server: AclHost;
  readonly #defaults: UserDefaults;
  readonly #check = new AccessCheck();
  #users = new Map<string, User>();
  /** Never replaced: sessions begin as this user, and it cannot be deleted. */
  readonly #default: User;
  /** Of users with limits. */
  readonly #permissions = new WeakMap<User, UserPermissions>();

  constructor(server: AclHost) {
    const { config } = server;
    this.#server = server;
    this.#defaults = {
      get allChannels() {
        return config.aclPubSubDefault === 'allchannels';
      },
    };
    this.#default = User.createDefault(this.#defaults);
    this.#users.set(this.#default.name, this.#default);
    if (config.requirePass !== '') this.setDefaultPassword(config.requirePass);
    else this.#changed(this.#default);
    config.onChange('requirepass', (password) => {
      this.setDefaultPassword(password);
      return '';
    });
    config.rewriteDirective('user', () => (config.aclFile === '' ? this.users().map(configLine) : []));
  }

  // ── users ─────────────────────────────────────────────────────────────────────────────────────────────────────────

  get defaultUser(): User {
    return this.#default;
  }

  user(name: string): User | undefined {
    return this.#users.get(name);
  }

  /** In the order of their names' bytes. */
  users(): User[] {
    return [...this.#users.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** ACL SETUSER: all of the rules or none. @returns '' or what is wrong, without a code */
  setUser(name: string, rules: readonly string[]): string {
    if (!User.isName(name)) return "Usernames can't contain spaces or null characters";
    const known = this.#users.get(name);
    const next = new User(name, this.#defaults);
    if (known !== undefined) next.become(known);
    const failure = next.applyAll(rules);
    if (failure instanceof UnmatchedParenthesis) {
      return `Unmatched parenthesis in acl selector starting at '${beforeZero(rules[failure.index]!)}'.`;
    }
    if (failure !== undefined) {
      return `Error in ACL SETUSER modifier '${beforeZero(failure.rule)}': ${failure.error}`;
    }
    if (known === undefined) {
      this.#users.set(name, next);
      return '';
    }
    this.#dropSubscribers(known, next);
    known.become(next);
    this.#changed(known);
    return '';
  }

  /** Deletes a user, and disconnects who is logged in as such. @returns whether there was one */
  deleteUser(name: string): boolean {
    const user = this.#users.get(name);
    if (user === undefined || user === this.#default) return false;
    this.#users.delete(name);
    this.#disconnect(name);
    return true;
  }

  /** `requirepass`: the password of the default user, '' for none. */
  setDefaultPassword(password: string): void {
    this.#default.apply('resetpass');
    this.#default.apply(password === '' ? 'nopass' : `>${toLatin1(password)}`);
    this.#changed(this.#default);
  }

  // ── sessions ──────────────────────────────────────────────────────────────────────────────────────────────────────

  /** A session begins, or begins anew: as the default user, logged in if that needs no password. */
  admit(session: Session): void {
    session.user = this.#default.name;
    session.authenticated = this.#default.isOpen;
    session.permissions = this.#permissionsOf(this.#default);
  }

  /** Logs a session in. False, and logged, when the password or the name is wrong. @param object the command that asked */
  authenticate(session: Session, name: string, password: Uint8Array, object: string): boolean {
    const hash = hashPassword(password);
    const user = this.#users.get(name);
    if (!user?.accepts(hash)) {
      this.#denied(session, 'auth', session.inTransaction ? 'multi' : 'toplevel', object, name);
      return false;
    }
    session.user = user.name;
    session.authenticated = true;
    session.permissions = this.#permissionsOf(user);
    return true;
  }

  /** What stands against a request that argument `first` begins, in words; '' when nothing does. */
  dryRun(user: User, command: Command, request: Request, first: number): string {
    const verdict = this.#check.check(user.selectors, command, request, first);
    if (verdict === Verdict.allowed) return '';
    return explainDenial(user, command, request, verdict, this.#check.deniedAt);
  }

  // ── where users are kept ──────────────────────────────────────────────────────────────────────────────────────────

  /** Users of `user` lines, or of `aclfile`. @throws ConfigError when they cannot be had */
  start(): void {
    const { config } = this.#server;
    const declared = config.directives('user');
    if (config.aclFile !== '' && declared.length > 0) {
      throw new ConfigError(
        'Configuring Redis with users defined in redis.conf and at the same setting an ACL file path is invalid. This setup is very likely to lead to configuration errors and security holes, please define either an ACL file or declare users directly in your redis.conf, but not both.',
      );
    }
    const names = new Set<string>();
    for (const directive of declared) {
      const [name = '', ...rules] = directive.args.map(toLatin1);
      const error = names.has(name)
        ? `Error in user declaration '${name}': ${ruleErrors.duplicateUser}`
        : this.#declare(name, rules);
      if (error !== '') throw refused(directive, error);
      names.add(name);
    }
    if (config.aclFile === '') return;
    const errors = this.load();
    if (errors !== '') throw new ConfigError(`ACL errors: ${errors}`);
  }

  /** ACL LOAD. Users of before are gone, and disconnected, except the default user. @returns '' or what is wrong with the file */
  load(): string {
    const { config } = this.#server;
    const name = config.get('aclfile') ?? '';
    let text: string;
    try {
      text = readFileSync(config.aclFile, 'latin1');
    } catch (error) {
      return `Error loading ACLs, opening file '${name}': ${reasonOf(error)}`;
    }
    const loaded = parseAclFile(text, name, this.#defaults);
    if (typeof loaded === 'string') return loaded;
    const before = this.#users;
    this.#users = new Map(loaded.map((user) => [user.name, user]));
    this.#default.become(this.#users.get(this.#default.name) ?? User.createDefault(this.#defaults));
    this.#users.set(this.#default.name, this.#default);
    this.#changed(this.#default);
    for (const name of before.keys()) if (name !== this.#default.name) this.#disconnect(name);
    return '';
  }

  /** ACL SAVE. False, and logged, when the file cannot be written. */
  save(): boolean {
    const { aclFile } = this.#server.config;
    try {
      replaceFile(aclFile, Buffer.from(formatAclFile(this.users()), 'latin1'));
      return true;
    } catch (error) {
      this.#server.log('warning', `Error saving the ACL file '${aclFile}': ${reasonOf(error)}`);
      return false;
    }
  }

  #declare(name: string, rules: readonly string[]): string {
    if (!User.isName(name)) return 'Spaces not allowed in ACL usernames';
    const user = name === this.#default.name ? this.#default : new User(name, this.#defaults);
    user.apply('reset');
    const failure = user.applyAll(rules);
    if (failure instanceof UnmatchedParenthesis) return `Unmatched parenthesis in '${rules[failure.index]!}'`;
    if (failure !== undefined) return `Error in user declaration '${failure.rule}': ${failure.error}`;
    this.#users.set(name, user);
    this.#changed(user);
    if (!user.enabled) {
      this.#server.log(
        'notice',
        `The user '${name}' is disabled (there is no 'on' modifier in the user description). Make sure this is not a configuration error.`,
      );
    }
    return '';
  }

  // ── consequences ──────────────────────────────────────────────────────────────────────────────────────────────────

  #permissionsOf(user: User): Permissions | undefined {
    if (user.mayDoEverything) return undefined;
    let permissions = this.#permissions.get(user);
    if (permissions === undefined) {
      permissions = new UserPermissions(user, this.#check, (session, reason, context, object) =>
        this.#denied(session, reason, context, object, user.name),
      );
      this.#permissions.set(user, permissions);
    }
    return permissions;
  }

  #changed(user: User): void {
    if (user === this.#default) this.#server.dispatcher.openToAll = user.isOpen;
    const permissions = this.#permissionsOf(user);
    for (const { session } of this.#server.clients.values()) {
      if (session.user === user.name) session.permissions = permissions;
    }
  }

  /** Who is logged in as a user that is gone is nobody any more. */
  #disconnect(name: string): void {
    for (const client of [...this.#server.clients.values()]) {
      const { session } = client;
      if (session.user !== name) continue;
      this.admit(session);
      session.authenticated = false;
      client.kill();
    }
  }

  /** Who is subscribed to something that he may not be any more is disconnected. */
  #dropSubscribers(before: User, after: User): void {
    const lists = after.selectors.map((selector) => selector.channels);
    if (before.selectors.every(({ channels }) => lists.some((list) => list.includes(channels)))) return;
    const mayListen = (name: string, isPattern: boolean): boolean => {
      const bytes = Buffer.from(name, 'latin1');
      return lists.some((list) => list.allows(bytes, 0, bytes.length, isPattern));
    };
    const mayKeep = ({ channels, shardChannels, patterns }: Subscriptions): boolean =>
      [...channels, ...shardChannels].every((name) => mayListen(name, false)) &&
      [...patterns].every((name) => mayListen(name, true));
    for (const client of [...this.#server.clients.values()]) {
      const { user, subscriptions } = client.session;
      if (user === before.name && subscriptions !== undefined && !mayKeep(subscriptions)) client.kill();
    }
  }

  #denied(session: Session, reason: DeniedReason, context: DeniedContext, object: string, username: string): void {
    const { config, statistics, clients, keyspace } = this.#server;
    statistics.accessDenied[reason]++;
    const client = clients.get(session.id);
    const clientInfo = client === undefined ? '' : clientLine(client, keyspace.now).trimEnd();
    this.log.add({ reason, context, object, username, clientInfo }, keyspace.now, config.aclLogMaxLength);
  }
}

/** A user as it stands behind `user` in redis.conf. */
function configLine(user: User): string {
  return [user.name, ...user.describeForFile()].map(quoteForConfig).join(' ');
}

/** Text of the configuration with one character per byte. */
function toLatin1(text: string): string {
  return bytesOf(text).toString('latin1');
}
