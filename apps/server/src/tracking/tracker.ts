/** A client that caches: what it wants to be told of, and who is told. It exists while CLIENT TRACKING is on. */
import type { Command, KeyTracking } from '@clone/command-registry';
import type { Request } from '@clone/resp-codec';
import type { Receiver } from '../pubsub/subscriber.js';

export interface TrackingOptions {
  /** BCAST: every key with one of its prefixes, or every key, instead of those that it has read. */
  readonly isBroadcast: boolean;
  /** OPTIN: only what is read behind CLIENT CACHING YES. */
  readonly optIn: boolean;
  /** OPTOUT: all but what is read behind CLIENT CACHING NO. */
  readonly optOut: boolean;
  /** NOLOOP: not what it has changed itself. */
  readonly noLoop: boolean;
  /** REDIRECT; 0: itself. */
  readonly redirection: number;
}

/** Remembers, for a tracker, the keys of a request. */
type Remember = (tracker: Tracker, command: Command, request: Request) => void;

export class Tracker implements KeyTracking {
  readonly receiver: Receiver;
  isBroadcast = false;
  optIn = false;
  optOut = false;
  noLoop = false;
  redirection = 0;
  isBroken = false;
  /** CLIENT CACHING was called: the next request is an exception. */
  isExceptional = false;
  /** Of a broadcast; one character per byte. */
  readonly prefixes = new Set<string>();
  readonly #remember: Remember;

  constructor(receiver: Receiver, remember: Remember) {
    this.receiver = receiver;
    this.#remember = remember;
  }

  /** CLIENT TRACKING ON, once more perhaps. */
  configure(options: TrackingOptions): void {
    this.isBroadcast = options.isBroadcast;
    this.optIn = options.optIn;
    this.optOut = options.optOut;
    this.noLoop = options.noLoop;
    this.redirection = options.redirection;
    this.isBroken = false;
  }

  hasRead(command: Command, request: Request): void {
    if (this.isBroadcast) return;
    if (this.optIn ? this.isExceptional : !(this.optOut && this.isExceptional)) this.#remember(this, command, request);
  }

  requestEnded(command: Command | undefined): void {
    // A transaction is one request. And between CLIENT CACHING and what it is meant for there may be other subcommands.
    if (this.receiver.session.inTransaction || command?.parent?.name === 'client') return;
    this.isExceptional = false;
  }
}
