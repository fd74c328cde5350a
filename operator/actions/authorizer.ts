// Whether the API server's RBAC lets a user do something with an object: asked of it each time, so that a right ends at once.
// https://kubernetes.io/docs/reference/kubernetes-api/authorization-resources/subject-access-review-v1/

import type { KubeApi } from '../kernel/client/kube-api.ts';
import { group } from '../resources/kind.ts';
import type { AssertedUser } from './contract/user.ts';
import { Problem } from './problem.ts';

const REVIEW_TIMEOUT_MS = 5_000;

interface SubjectAccessReview {
  readonly status?: { readonly allowed?: boolean };
}

/** An object by the plural of its kind; `resource` may be a virtual one. */
export interface ReviewedObject {
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name: string;
}

export const mayDo = async (
  api: KubeApi,
  user: AssertedUser,
  verb: string,
  { resource, namespace, name }: ReviewedObject,
): Promise<boolean> => {
  const { status } = await api.post<SubjectAccessReview>(
    '/apis/authorization.k8s.io/v1/subjectaccessreviews',
    {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user: user.name,
        groups: user.groups,
        resourceAttributes: { group, resource, verb, name, ...(namespace !== undefined && { namespace }) },
      },
    },
    { timeoutMs: REVIEW_TIMEOUT_MS },
  );
  return status?.allowed === true;
};

/** The same words whether the right is missing or the object: what there is, is told to nobody who may not see it. @throws Problem `forbidden` */
export const demand = async (api: KubeApi, user: AssertedUser, verb: string, object: ReviewedObject): Promise<void> => {
  if (await mayDo(api, user, verb, object)) return;
  const where = object.namespace === undefined ? '' : ` in namespace ${object.namespace}`;
  throw new Problem(
    'forbidden',
    `${user.name} may not ${verb} ${object.resource}/${object.name}${where}, or there is none: ask who owns it for verb ${verb} of ${group}.`,
  );
};
