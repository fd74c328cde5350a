// A route of the operator's internal API as both sides know it: method, path, the object it is about, what goes in and what comes out.

import type { z } from 'zod';
import type { OurResource } from '../../resources/authority/resources.ts';

/** What callers' tokens are made for, unless an installation says otherwise. */
export const DEFAULT_AUDIENCE = 'dataall-actions';

/** Where a request may be heard about one object: `/v1/<resource>/[<namespace>/]<name>/<route>`. */
export interface Route<Input extends z.ZodType = z.ZodType, Answer extends z.ZodType = z.ZodType> {
  /** Last segment of the path, and of an action's name in logs and metrics. */
  readonly name: string;
  /** GET: input is the query, nothing changes. POST: input is the body, as JSON. */
  readonly method: 'GET' | 'POST';
  readonly on: readonly OurResource[];
  /** What the user must be allowed by RBAC to do with the object. */
  readonly verb: string;
  readonly input: Input;
  readonly answer: Answer;
}

export const defineRoute = <Input extends z.ZodType, Answer extends z.ZodType>(
  route: Route<Input, Answer>,
): Route<Input, Answer> => route;

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
