// The thread of election-thread.ts: takes and renews the lease as it is told, and lets it run out when the main thread takes no turn for `longestTurnMs`.

import { parentPort, workerData } from 'node:worker_threads';
import { pino } from 'pino';
import { systemClock } from '../clock.ts';
import type { ElectionOrder, ElectionReport, ElectionThreadData } from './election-thread.ts';
import { HttpKubeApi } from '../client/http-kube-api.ts';
import { LeaderElection } from './leader-election.ts';
import { SharedTerm } from './leader-term.ts';

/** A kubelet gives up a process that does not answer after about as long. Work never takes this long in one turn. */
const longestTurnMs = 30_000;

const { namespace, name, identity, memory, logLevel, ...begun } = workerData as ElectionThreadData;
let access = begun.access;
let abort = new AbortController();

const report = (what: ElectionReport): void => parentPort?.postMessage(what);
const term = new SharedTerm(memory);
const election = new LeaderElection({
  namespace,
  name,
  identity,
  term,
  clock: systemClock,
  log: pino({ level: logLevel, base: { stream: 'log' } }),
  isAlive: () => systemClock.monotonic() - term.turnAt < longestTurnMs,
  api: new HttpKubeApi({
    userAgent: 'dataall-operator',
    credentials: {
      current: async () => access,
      refresh: async () => {
        report({ type: 'refused' });
        return false;
      },
    },
  }),
});

const follow = async (order: ElectionOrder): Promise<void> => {
  switch (order.type) {
    case 'access':
      access = { ...order.access, tls: order.tls ?? access.tls };
      return;
    case 'abort':
      abort.abort();
      return;
    case 'acquire':
      abort = new AbortController();
      report({ type: 'over', result: (await election.acquire(abort.signal)) ? 'leads' : 'aborted' });
      return;
    case 'hold':
      abort = new AbortController();
      report({ type: 'over', result: await election.hold(abort.signal) });
      return;
    case 'release':
      await election.release();
      report({ type: 'over', result: 'released' });
  }
};

parentPort?.on('message', (order: ElectionOrder) => void follow(order));
