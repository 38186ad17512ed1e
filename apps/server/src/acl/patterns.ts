// Glob patterns, or everything: what the rules about keys and those about channels have in common.

import type { Glob } from '@clone/command-registry';

export interface Pattern {
  /** One character per byte. */
  readonly text: string;
  readonly glob: Glob;
}

export class Patterns<P extends Pattern> {
  all = false;
  /** Replaced by another list, never changed in place: copies share it. */
  protected patterns: readonly P[] = [];

  allowAll(): void {
    this.all = true;
    this.patterns = [];
  }

  allowNone(): void {
    this.all = false;
    this.patterns = [];
  }

  protected copyTo<C extends Patterns<P>>(copy: C): C {
    copy.all = this.all;
    copy.patterns = this.patterns;
    return copy;
  }
}
