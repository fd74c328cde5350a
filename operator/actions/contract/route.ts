// A route of the operator's internal API as both sides know it: method, path, the object it is about, what goes in and what comes out.

import type { z } from 'zod';
import type { OurResource } from '../../resources/authority/resources.ts';

/** What callers' tokens are made for, unless an installation says otherwise. */
/** On every answer to a caller: the digest of the config.json that the operator runs with. */
export const CONFIG_JSON_HEADER = 'dataall-config-json';

export const DEFAULT_AUDIENCE = 'dataall-actions';

/** GET: input is the query, nothing changes. POST: input is the body, as JSON; may be a dry run. */
export type RouteMethod = 'GET' | 'POST';

/**
 * The query of a POST that is tried and not done, as Kubernetes writes it: who asks is authorized, the input is judged, and the answer is 204.
 * https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
 */
export const DRY_RUN = { name: 'dryRun', value: 'All' } as const;

/** Where a request may be heard about one object: `/v1/<resource>/[<namespace>/]<name>/<route>`. */
export interface Route<
  Input extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
  Method extends RouteMethod = RouteMethod,
> {
  /** Last segment of the path, and of an action's name in logs and metrics. */
  readonly name: string;
  readonly method: Method;
  readonly on: readonly OurResource[];
  /** What the user must be allowed by RBAC to do with the object. */
  readonly verb: string;
  readonly input: Input;
  readonly answer: Answer;
}

export const defineRoute = <Input extends z.ZodType, Answer extends z.ZodType, const Method extends RouteMethod>(
  route: Route<Input, Answer, Method>,
): Route<Input, Answer, Method> => route;

/** The object of a request. Without a namespace: of the cluster. */
export interface RouteObject {
  readonly resource: OurResource;
  readonly namespace?: string | undefined;
  readonly name: string;
}

const CLUSTER_SCOPED: readonly OurResource[] = ['tenants', 'organizations', 'environments'];

export const isNamespaced = (resource: OurResource): boolean => !CLUSTER_SCOPED.includes(resource);

/** Path of a request; the server reads the same shape. */
export const pathOf = ({ name: route }: Pick<Route, 'name'>, { resource, namespace, name }: RouteObject): string =>
  `/v1/${[resource, ...(namespace === undefined ? [] : [namespace]), name, route].map(encodeURIComponent).join('/')}`;
