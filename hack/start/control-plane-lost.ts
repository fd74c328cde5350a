/** What people are told when a program of the control plane has ended by itself. */
import type { UnexpectedExit } from '../control-plane/control-plane.ts';
import { SetupError } from '../control-plane/setup-error.ts';

const WHY: Readonly<Record<string, string>> = {
  etcd: 'Every object was in it',
  'kube-apiserver': 'Nobody reaches the objects without it',
  'kube-controller-manager': 'Nothing that was deleted goes away without it',
};

/** @param log where its log is found after the end */
export const controlPlaneLost = ({ program, how }: UnexpectedExit, log: string): SetupError =>
  new SetupError(
    'control-plane-lost',
    `${program} ended by itself (${how}${how === 'SIGKILL' ? ': somebody killed it, or memory ran out' : ''}). ${WHY[program]}, so all that ran here has been stopped.`,
    `start again; that begins anew, for nothing is kept. If it comes back: ${log} is its log, and the control plane needs about 500 MB of memory.`,
  );
