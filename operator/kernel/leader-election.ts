// At most one process acts: a Lease is held and renewed, and checked again before every write outside Kubernetes.
// Port of client-go's tools/leaderelection, which "does not guarantee that only one client is acting as a leader (a.k.a. fencing)":
// isValid() is what makes a paused process find out before it writes.

import type { Logger } from 'pino';
import { type Clock, jitter, sleep } from './clock.ts';
import { getIfPresent, isKubeError, type KubeApi } from './kube-api.ts';
import type { Kind, KubeObject, Stored } from './kind.ts';

/** client-go's defaults: a candidate takes over 15 s after it saw the last renewal; a leader that cannot renew for 10 s gives up. */
const leaseDurationMs = 15_000;
const renewDeadlineMs = 10_000;
const retryPeriodMs = 2_000;
const retryJitter = 1.2;

export interface Lease extends KubeObject {
  spec?: {
    holderIdentity?: string;
    leaseDurationSeconds?: number;
    acquireTime?: string;
    renewTime?: string;
    leaseTransitions?: number;
  };
}

export const leaseKind: Kind<Lease> = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  scope: 'Namespaced',
};

export interface LeaderElectionOptions {
  api: KubeApi;
  namespace: string;
  name: string;
  /** Unique to this process, e.g. the pod's name and uid. */
  identity: string;
  clock: Clock;
  log: Logger;
}

export class LeaderElection {
  readonly #options: LeaderElectionOptions;
  /** The record as last seen and when *we* saw it: clocks of other machines are never compared with ours. */
  #observed: { record: string; at: number } | undefined;
  #lease: Stored<Lease> | undefined;
  /** Start of the last renewal that succeeded: the server knows of it since then or later. */
  #renewedAt = Number.NEGATIVE_INFINITY;
  #leads = false;

  constructor(options: LeaderElectionOptions) {
    this.#options = options;
  }

  /**
   * Whether the lease is certainly ours at this moment. True at most 10 s after a renewal: another can take over 15 s after it, so an
   * AWS call that starts now has 5 s to reach AWS.
   */
  isValid(): boolean {
    return this.#leads && this.#options.clock.monotonic() - this.#renewedAt < renewDeadlineMs;
  }

  /** How often the lease changed hands: a number that grows with every leader. */
  get epoch(): number {
    return this.#lease?.spec?.leaseTransitions ?? 0;
  }

  /** Resolves when we lead (true) or the signal aborted (false). */
  async acquire(signal: AbortSignal): Promise<boolean> {
    const { clock, log } = this.#options;
    while (!signal.aborted) {
      if (await this.#tryToLead(signal)) {
        this.#leads = true;
        log.info({ epoch: this.epoch }, 'leading');
        return true;
      }
      await sleep(clock, jitter(clock, retryPeriodMs, retryJitter), signal);
    }
    return false;
  }

  /** Renews until the lease is lost (resolves with 'lost') or the signal aborts ('stopped': still ours, release it when done). */
  async hold(signal: AbortSignal): Promise<'lost' | 'stopped'> {
    const { clock, log } = this.#options;
    for (;;) {
      await sleep(clock, retryPeriodMs, signal);
      if (signal.aborted) return 'stopped';
      const left = renewDeadlineMs - (clock.monotonic() - this.#renewedAt);
      if (left > 0 && (await this.#renew(left, signal))) continue;
      if (signal.aborted) return 'stopped';
      this.#leads = false;
      log.error('lease lost');
      return 'lost';
    }
  }

  /** Gives the lease back, so that the next leader need not wait for it to run out. */
  async release(): Promise<void> {
    if (!this.isValid() || !this.#lease) return;
    this.#leads = false;
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
    const { api, namespace, name, clock, log } = this.#options;
    const started = clock.monotonic();
    const call = { signal, timeoutMs: renewDeadlineMs / 2 };
    try {
      const lease = await getIfPresent(api, leaseKind, { namespace, name }, call);
      this.#observe(lease);
      if (lease && this.#heldByAnother()) return false;
      const spec = this.#nextRecord(lease);
      const written = lease
        ? await api.replace(leaseKind, { ...lease, spec }, call)
        : await api.create(
            leaseKind,
            { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name }, spec },
            call,
          );
      this.#observe(written);
      this.#renewedAt = started;
      return true;
    } catch (error) {
      // A conflict means that another candidate was faster; anything else passes or we lose the lease by time.
      if (!isKubeError(error, 'Conflict', 'AlreadyExists')) log.warn({ err: error }, 'lease not renewed');
      return false;
    }
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
