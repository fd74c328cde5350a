/** Diagnosis: what every object of ours that is not Ready says about it; shown when a step does not hold. */
import type { Kubectl } from './kubectl.ts';

interface Shown {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly status?: {
    readonly conditions?: readonly { type: string; status: string; reason: string; message: string }[];
    readonly items?: readonly { kind: string; name: string; state: string; reason?: string; message?: string }[];
  };
}

export async function diagnose(kubectl: Kubectl): Promise<string[]> {
  const { ok, output } = await kubectl.run(['--context', 'admin', 'get', 'dataall', '-A', '-o', 'json']);
  if (!ok) return [output];
  const { items } = JSON.parse(output) as { items: readonly Shown[] };
  return items.flatMap(({ kind, metadata: { namespace, name }, status }) => {
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    if (ready?.status === 'True') return [];
    const where = `${kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
    const troubles = (status?.items ?? []).filter(({ reason }) => reason !== undefined);
    return [
      `${where}: ${ready === undefined ? 'has no condition Ready' : `${ready.reason}: ${ready.message}`}`,
      ...troubles.map((item) => `  ${item.kind} ${item.name}: ${item.state}, ${item.reason}: ${item.message ?? ''}`),
    ];
  });
}
