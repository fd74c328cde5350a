// Finds the operation of a REST request by method, path and query, as the HTTP traits of the schemas bind them.
import type { NormalizedSchema } from '@smithy/core/schema';
import { decodeSegment } from './message.ts';
import type { OperationSchema, ServiceSchema } from './service-schema.ts';

interface Route {
  readonly operation: OperationSchema;
  readonly pattern: RegExp;
  readonly labels: readonly string[];
  /** Query parameters the URI fixes: `?policyStatus`, `?list-type=2`. An empty value asks for presence only. */
  readonly fixed: readonly (readonly [name: string, value: string])[];
  /** `x-id` names the operation in the SDK's requests; other clients leave it out. */
  readonly id: string | undefined;
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
  readonly weight: number;
}

interface RouteMatch {
  readonly operation: OperationSchema;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Router {
  match(
    method: string,
    path: string,
    query: URLSearchParams,
    headers: Readonly<Record<string, string>>,
  ): RouteMatch | undefined;
}

/** Structure schemas list their required members first and say how many those are (@smithy/types, StaticStructureSchema). */
export const requiredMembers = (schema: NormalizedSchema): ReadonlySet<string> => {
  if (!schema.isStructSchema()) return new Set();
  const [, , , , names, , required] = schema.getSchema() as readonly [
    number,
    string,
    string,
    unknown,
    string[],
    unknown[],
    number?,
  ];
  return new Set(names.slice(0, required ?? 0));
};

const hasMember = (schema: NormalizedSchema, name: string): boolean =>
  schema.isStructSchema() && [...schema.structIterator()].some(([member]) => member === name);

/** S3's URIs leave the bucket out because clients may put it into the host; the server always sees it in the path. */
const pathOf = (service: ServiceSchema, operation: OperationSchema, uriPath: string): string => {
  if (service.serviceId !== 'S3' || !hasMember(operation.input, 'Bucket')) return uriPath;
  return uriPath === '/' ? '/{Bucket}' : `/{Bucket}${uriPath}`;
};

const routeOf = (service: ServiceSchema, operation: OperationSchema, uri: string): Route => {
  const [uriPath = '/', uriQuery = ''] = uri.split('?');
  const path = pathOf(service, operation, uriPath);
  const labels: string[] = [];
  const pattern = path.replace(/[.()]/g, String.raw`\$&`).replace(/\{(\w+)(\+)?\}/g, (_, label: string, greedy) => {
    labels.push(label);
    return greedy === undefined ? '([^/]+)' : '(.+)';
  });
  const parameters = [...new URLSearchParams(uriQuery)];
  const fixed = parameters.filter(([name]) => name !== 'x-id');
  const requiredQuery: string[] = [];
  const requiredHeaders: string[] = [];
  const required = requiredMembers(operation.input);
  if (operation.input.isStructSchema()) {
    for (const [name, member] of operation.input.structIterator()) {
      if (!required.has(name)) continue;
      const { httpQuery, httpHeader } = member.getMergedTraits();
      if (httpQuery !== undefined) requiredQuery.push(httpQuery);
      if (httpHeader !== undefined && service.serviceId === 'S3') requiredHeaders.push(httpHeader.toLowerCase());
    }
  }
  return {
    operation,
    pattern: new RegExp(`^${pattern}/?$`, 's'),
    labels,
    fixed,
    id: parameters.find(([name]) => name === 'x-id')?.[1],
    requiredQuery,
    requiredHeaders,
    // The most telling route first: fixed parameters, then longer paths, then fewer labels, then more required members
    // (UploadPart and PutObject differ by nothing else).
    weight: fixed.length * 10 + path.split('/').length - labels.length * 0.5 + required.size * 0.1,
  };
};

export const routerFor = (service: ServiceSchema): Router => {
  const byMethod = new Map<string, Route[]>();
  for (const operation of service.operations.values()) {
    if (operation.http === undefined) continue;
    const { method, uri } = operation.http;
    const routes = byMethod.get(method) ?? [];
    routes.push(routeOf(service, operation, uri));
    byMethod.set(method, routes);
  }
  for (const routes of byMethod.values()) routes.sort((a, b) => b.weight - a.weight);

  return {
    match(method, path, query, headers) {
      const asked = query.get('x-id');
      for (const route of byMethod.get(method) ?? []) {
        if (asked !== null && route.id !== undefined && route.id !== asked) continue;
        if (!route.fixed.every(([name, value]) => query.has(name) && (value === '' || query.get(name) === value)))
          continue;
        if (!route.requiredQuery.every((name) => query.has(name))) continue;
        if (!route.requiredHeaders.every((name) => name in headers)) continue;
        const found = route.pattern.exec(path);
        if (found === null) continue;
        const labels = Object.fromEntries(route.labels.map((label, i) => [label, decodeSegment(found[i + 1] ?? '')]));
        return { operation: route.operation, labels };
      }
      return undefined;
    },
  };
};
