// At most one process acts: a Lease is held and renewed, and checked again before every write outside Kubernetes.
// Port of client-go's tools/leaderelection, which "does not guarantee that only one client is acting as a leader (a.k.a. fencing)":
// isValid() is what makes a paused process find out before it writes. In production it runs in a thread of its own (election-thread.ts).

import type { Logger } from 'pino';
import { type Clock, jitter, sleep } from '../clock.ts';
import { type CallOptions, getIfPresent, isKubeError, type KubeApi } from '../client/kube-api.ts';
import type { Stored } from '../kind.ts';
import { leaseKind, type Lease } from '../lease.ts';
import { isCurrent, NEVER, renewDeadlineMs, type Term } from './leader-term.ts';

/** client-go's defaults, as the renew deadline: a candidate takes over 15 s after it saw the last renewal. */
const leaseDurationMs = 15_000;
const retryPeriodMs = 2_000;
const retryJitter = 1.2;

/** Who leads, as the processes that stand for it see it. */
export interface Election {
  /**
   * Whether the lease is certainly ours at this moment. True at most 10 s after a renewal: another can take over 15 s after it, so an
   * AWS call that starts now has 5 s to reach AWS.
   */
  isValid(): boolean;
  /** How often the lease changed hands: a number that grows with every leader. */
  readonly epoch: number;
  /** Resolves when we lead (true) or the signal aborted (false). */
  acquire(signal: AbortSignal): Promise<boolean>;
  /** Renews until the lease is lost (resolves with 'lost') or the signal aborts ('stopped': still ours, release it when done). */
  hold(signal: AbortSignal): Promise<'lost' | 'stopped'>;
  /** Gives the lease back, so that the next leader need not wait for it to run out. */
  release(): Promise<void>;
}

export interface LeaderElectionOptions {
  api: KubeApi;
  namespace: string;
  name: string;
  /** Unique to this process, e.g. the pod's name and uid. */
  identity: string;
  clock: Clock;
  log: Logger;
  /** What it writes down, for another thread to read. */
  term?: Term;
  /** Whether whom it leads for still does its work; a lease that nobody uses is left to run out. */
  isAlive?: () => boolean;
}

export class LeaderElection implements Election {
  readonly #options: LeaderElectionOptions;
  /** The record as last seen and when *we* saw it: clocks of other machines are never compared with ours. */
  #observed: { record: string; at: number } | undefined;
  #lease: Stored<Lease> | undefined;
  readonly #term: Term;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
    this.#term = options.term ?? { renewedAt: NEVER, epoch: 0 };
  }

  isValid(): boolean {
    return isCurrent(this.#term, this.#options.clock.monotonic());
  }

  get epoch(): number {
    return this.#term.epoch;
  }

  async acquire(signal: AbortSignal): Promise<boolean> {
    const { clock, log } = this.#options;
    while (!signal.aborted) {
      if (await this.#tryToLead(signal)) {
        log.info({ epoch: this.epoch }, 'leading');
        return true;
      }
      await sleep(clock, jitter(clock, retryPeriodMs, retryJitter), signal);
    }
    return false;
  }

  async hold(signal: AbortSignal): Promise<'lost' | 'stopped'> {
    const { clock, log, isAlive = () => true } = this.#options;
    for (;;) {
      await sleep(clock, retryPeriodMs, signal);
      if (signal.aborted) return 'stopped';
      const left = renewDeadlineMs - (clock.monotonic() - this.#term.renewedAt);
      const alive = isAlive();
      if (alive && left > 0 && (await this.#renew(left, signal))) continue;
      if (signal.aborted) return 'stopped';
      this.#term.renewedAt = NEVER;
      log.error(alive ? 'lease lost' : 'lease left to run out: the process that leads does nothing any more');
      return 'lost';
    }
  }

  async release(): Promise<void> {
    if (!this.isValid() || !this.#lease) return;
    this.#term.renewedAt = NEVER;
    const { api, clock, log } = this.#options;
    const now = microTime(clock.now());
    const { leaseTransitions = 0 } = this.#lease.spec ?? {};
    const spec = { holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now, leaseTransitions };
    try {
      await api.replace(leaseKind, { ...this.#lease, spec }, { timeoutMs: retryPeriodMs });
    } catch (error) {
      log.warn({ err: error }, 'lease not released; it will run out');
    }
  }

  /** Retries within what is left of the renew deadline. False when it passed or someone else holds the lease. */
  async #renew(leftMs: number, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#options;
    const deadline = new AbortController();
    const cancel = clock.after(leftMs, () => deadline.abort());
    const either = AbortSignal.any([signal, deadline.signal]);
    try {
      while (!either.aborted) {
        if (await this.#tryToLead(either)) return true;
        if (this.#heldByAnother()) return false;
        await sleep(clock, retryPeriodMs, either);
      }
      return false;
    } finally {
      cancel();
    }
  }

  async #tryToLead(signal: AbortSignal): Promise<boolean> {
    const { clock, log } = this.#options;
    const started = clock.monotonic();
    const call = { signal, timeoutMs: renewDeadlineMs / 2 };
    try {
      const written = (await this.#renewAsSeen(call)) ?? (await this.#take(call));
      if (written === undefined) return false;
      this.#observe(written);
      this.#term.epoch = written.spec?.leaseTransitions ?? 0;
      this.#term.renewedAt = started;
      return true;
    } catch (error) {
      // A conflict means that another candidate was faster; anything else passes or we lose the lease by time.
      if (!isKubeError(error, 'Conflict', 'AlreadyExists')) log.warn({ err: error }, 'lease not renewed');
      return false;
    }
  }

  /** One call instead of two, where nobody has touched the lease since we wrote it: when the API server is slow, each counts. */
  async #renewAsSeen(call: CallOptions): Promise<Stored<Lease> | undefined> {
    if (!this.isValid() || !this.#lease) return undefined;
    try {
      return await this.#options.api.replace(leaseKind, { ...this.#lease, spec: this.#nextRecord(this.#lease) }, call);
    } catch (error) {
      if (isKubeError(error, 'Conflict', 'NotFound')) return undefined;
      throw error;
    }
  }

  /** @returns undefined while another holds it */
  async #take(call: CallOptions): Promise<Stored<Lease> | undefined> {
    const { api, namespace, name } = this.#options;
    const lease = await getIfPresent(api, leaseKind, { namespace, name }, call);
    this.#observe(lease);
    if (lease && this.#heldByAnother()) return undefined;
    const spec = this.#nextRecord(lease);
    if (lease) return api.replace(leaseKind, { ...lease, spec }, call);
    const metadata = { namespace, name };
    return api.create(leaseKind, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec }, call);
  }

  #nextRecord(lease: Lease | undefined): NonNullable<Lease['spec']> {
    const { identity, clock } = this.#options;
    const now = microTime(clock.now());
    const mine = lease?.spec?.holderIdentity === identity;
    const transitions = lease?.spec?.leaseTransitions ?? 0;
    return {
      holderIdentity: identity,
      leaseDurationSeconds: leaseDurationMs / 1000,
      acquireTime: (mine ? lease.spec?.acquireTime : undefined) ?? now,
      renewTime: now,
      leaseTransitions: mine || !lease ? transitions : transitions + 1,
    };
  }

  #observe(lease: Stored<Lease> | undefined): void {
    this.#lease = lease;
    const record = JSON.stringify(lease?.spec ?? {});
    if (this.#observed?.record !== record) this.#observed = { record, at: this.#options.clock.monotonic() };
  }

  #heldByAnother(): boolean {
    const holder = this.#lease?.spec?.holderIdentity ?? '';
    if (holder === '' || holder === this.#options.identity || !this.#observed) return false;
    const duration = (this.#lease?.spec?.leaseDurationSeconds ?? leaseDurationMs / 1000) * 1000;
    return this.#options.clock.monotonic() < this.#observed.at + duration;
  }
}

/** metav1.MicroTime: the API server takes six digits of a second. */
function microTime(now: number): string {
  return new Date(now).toISOString().replace('Z', '000Z');
}
