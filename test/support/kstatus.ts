// What Flux, kpt and `kubectl` plug-ins make of an object: kstatus for custom resources.
// Port of sigs.k8s.io/cli-utils pkg/kstatus/status, functions checkGenericProperties and checkReadyCondition.

interface Judged {
  readonly metadata: { readonly generation?: number | undefined; readonly deletionTimestamp?: string | undefined };
  readonly status?:
    | {
        readonly observedGeneration?: number | undefined;
        readonly conditions?: readonly { readonly type: string; readonly status: string }[] | undefined;
      }
    | undefined;
}

/** `Current`: done. `InProgress`: wait on. `Failed`: waiting is useless. */
export type KStatus = 'Current' | 'InProgress' | 'Failed' | 'Terminating';

export function kstatus({ metadata, status }: Judged): KStatus {
  const conditions = status?.conditions ?? [];
  const statusOf = (type: string): string | undefined => conditions.find((one) => one.type === type)?.status;

  if (metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (status?.observedGeneration !== undefined && status.observedGeneration !== metadata.generation)
    return 'InProgress';
  if (statusOf('Reconciling') === 'True') return 'InProgress';
  if (statusOf('Stalled') === 'True') return 'Failed';
  const ready = statusOf('Ready');
  return ready === undefined || ready === 'True' ? 'Current' : 'InProgress';
}
