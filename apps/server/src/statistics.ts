// Counters of the connections for INFO; those of commands are the dispatcher's. The owner of the sockets counts; `sample` is called ten times a second and
// makes rates of them, as means over the last 16 samples.

const SAMPLES = 16;

/** A rate per second from a counter that only grows. */
class Rate {
  readonly #samples = new Float64Array(SAMPLES);
  #next = 0;
  #lastCount = 0;
  #lastTime = 0;

  sample(count: number, nowMs: number): void {
    const elapsed = nowMs - this.#lastTime;
    const grown = Math.max(0, count - this.#lastCount);
    this.#samples[this.#next] = elapsed > 0 ? (grown * 1000) / elapsed : 0;
    this.#next = (this.#next + 1) % SAMPLES;
    this.#lastCount = count;
    this.#lastTime = nowMs;
  }

  get perSecond(): number {
    return this.#samples.reduce((sum, each) => sum + each, 0) / SAMPLES;
  }

  reset(): void {
    this.#samples.fill(0);
    this.#lastCount = 0;
  }
}

export class ServerStatistics {
  connectionsReceived = 0;
  /** Refused because of `maxclients`. */
  connectionsRejected = 0;
  /** Bytes from and to clients, and the reads and writes of sockets that carried them. */
  netInputBytes = 0;
  netOutputBytes = 0;
  readsProcessed = 0;
  writesProcessed = 0;
  /** Refusals of the ACL, by reason; `auth`: AUTH and HELLO AUTH with wrong credentials. */
  readonly accessDenied = { auth: 0, command: 0, key: 0, channel: 0 };
  /** Clients closed for exceeding `client-output-buffer-limit`. */
  outputBufferLimitDisconnections = 0;
  /** Clients closed for exceeding `client-query-buffer-limit`. */
  queryBufferLimitDisconnections = 0;
  /** Clients closed because all together held more than `maxmemory-clients`. */
  clientsEvicted = 0;
  /** Largest unfinished request and largest waiting output of any client, bytes. */
  largestQueryBuffer = 0;
  largestOutput = 0;
  /** Highest `keyspace.usedMemory` seen, bytes. */
  peakMemory = 0;
  readonly #operations = new Rate();
  readonly #input = new Rate();
  readonly #output = new Rate();

  /** @param commands executed so far */
  sample(nowMs: number, commands: number): void {
    this.#operations.sample(commands, nowMs);
    this.#input.sample(this.netInputBytes, nowMs);
    this.#output.sample(this.netOutputBytes, nowMs);
  }

  get operationsPerSecond(): number {
    return this.#operations.perSecond;
  }

  get inputKilobytesPerSecond(): number {
    return this.#input.perSecond / 1024;
  }

  get outputKilobytesPerSecond(): number {
    return this.#output.perSecond / 1024;
  }

  /** CONFIG RESETSTAT. @param usedMemory the peak starts again from here, bytes */
  reset(usedMemory: number): void {
    this.connectionsReceived = 0;
    this.connectionsRejected = 0;
    this.netInputBytes = 0;
    this.netOutputBytes = 0;
    this.readsProcessed = 0;
    this.writesProcessed = 0;
    Object.assign(this.accessDenied, { auth: 0, command: 0, key: 0, channel: 0 });
    this.outputBufferLimitDisconnections = 0;
    this.queryBufferLimitDisconnections = 0;
    this.clientsEvicted = 0;
    this.largestQueryBuffer = 0;
    this.largestOutput = 0;
    this.peakMemory = usedMemory;
    this.#operations.reset();
    this.#input.reset();
    this.#output.reset();
  }
}
