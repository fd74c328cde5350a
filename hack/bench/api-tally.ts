// What was written to the API server, from its own metrics: requests by resource, so that nobody's word has to be taken for it.
import type { KubeApi } from '../../operator/kernel/client/kube-api.ts';

/** Writes by `resource` or `resource/subresource`. */
export type ApiWrites = Readonly<Record<string, number>>;

/** As `apiserver_request_total` names them; APPLY is a server-side apply. */
const WRITE_VERBS = new Set(['APPLY', 'PATCH', 'POST', 'PUT', 'DELETE']);

/** All writes since the API server started, by anybody, accepted or not: subtract two of these. */
export const readApiWrites = async (api: KubeApi): Promise<ApiWrites> => {
  const writes = new Map<string, number>();
  for (const line of (await api.raw('/metrics')).split('\n')) {
    if (!line.startsWith('apiserver_request_total{')) continue;
    const label = (name: string): string => new RegExp(`[{,]${name}="([^"]*)"`).exec(line)?.[1] ?? '';
    if (!WRITE_VERBS.has(label('verb'))) continue;
    const resource = [label('resource'), label('subresource')].filter((part) => part !== '').join('/');
    writes.set(resource, (writes.get(resource) ?? 0) + Number(line.slice(line.lastIndexOf(' '))));
  }
  return Object.fromEntries(writes);
};

export const writesBetween = (before: ApiWrites, after: ApiWrites): ApiWrites =>
  Object.fromEntries(
    Object.entries(after)
      .map(([resource, count]) => [resource, count - (before[resource] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );

/** Sum over a resource and its subresources. */
export const writesTo = (writes: ApiWrites, ...resources: readonly string[]): number =>
  Object.entries(writes)
    .filter(([name]) => resources.includes(name.split('/')[0] ?? ''))
    .reduce((sum, [, count]) => sum + count, 0);
