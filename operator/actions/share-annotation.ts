// Asks for a look at shares by an annotation, which the replica that leads acts on: so any replica may ask, and nothing is lost with it.
// It is written by the operator's account, after the user's right was checked. On the ShareRequest it speaks for the side that asked for
// the share, on the ShareApproval for the side that decided.

import type { z } from 'zod';
import { isKubeError } from '../kernel/client/kube-api.ts';
import { objectKey, type Kind, type ObjectName } from '../kernel/kind.ts';
import { shareApprovalKind } from '../resources/share-approval.ts';
import { shareRequestKind } from '../resources/share-request.ts';
import type { ActionContext } from './action.ts';
import { MAX_SHARES, type reapplyRoute } from './contract/shares.ts';
import { existing } from './objects.ts';
import { Problem } from './problem.ts';

type Input = z.output<typeof reapplyRoute.input>;
type Answer = z.output<typeof reapplyRoute.answer>;

/** Owns the annotation, beside what the operator owns. */
const FIELD_MANAGER = 'dataall-actions';
/** Writes under way. */
const AT_ONCE = 8;

interface Target {
  /** Of the request, `namespace/name`. */
  readonly share: string;
  readonly kind: Kind;
  readonly name: ObjectName;
}

export const annotateShares = async (context: ActionContext, annotation: string, input: Input): Promise<Answer> => {
  const targets = targetsOf(context, input);
  const page = targets.slice(0, MAX_SHARES);
  const requestedAt = new Date(context.now()).toISOString();
  for (let first = 0; first < page.length; first += AT_ONCE) {
    context.signal.throwIfAborted();
    await Promise.all(
      page
        .slice(first, first + AT_ONCE)
        .map(({ kind, name }) => annotate(context, kind, name, annotation, requestedAt)),
    );
  }
  context.record({ annotation, requestedAt, asked: page.length });
  const next = page.at(-1)?.share;
  return { requestedAt, asked: page.length, ...(targets.length > page.length && next !== undefined && { next }) };
};

const annotate = async (
  { platform: { api }, signal }: ActionContext,
  kind: Kind,
  name: ObjectName,
  annotation: string,
  value: string,
): Promise<void> => {
  const body = { metadata: { annotations: { [annotation]: value } } };
  try {
    await api.patch(kind, name, { type: 'merge', body }, { fieldManager: FIELD_MANAGER, signal });
  } catch (error) {
    // Gone meanwhile: there is nothing left to look at.
    if (!isKubeError(error, 'NotFound')) throw error;
  }
};

const targetsOf = ({ platform: { specs }, object }: ActionContext, { requests, after }: Input): readonly Target[] => {
  const { namespace = '', name } = object;
  if (object.resource === 'sharerequests') {
    if (requests !== undefined)
      throw new Problem('invalid-request', 'Requests are named of a dataset; this one is named by the path.');
    existing(specs.shareRequest(namespace, name), object);
    return [{ share: objectKey({ namespace, name }), kind: shareRequestKind, name: { namespace, name } }];
  }
  existing(specs.dataset(namespace, name), object);
  const named = requests && new Set(requests.map(objectKey));
  return specs
    .sharesOfDataset(namespace, name)
    .flatMap((request): Target[] => {
      const share = objectKey(request.metadata);
      const approval = specs.approvalFor(request);
      if (approval === undefined || (named !== undefined && !named.has(share))) return [];
      return [{ share, kind: shareApprovalKind, name: { namespace, name: approval.metadata.name } }];
    })
    .filter(({ share }) => after === undefined || share > after)
    .toSorted((a, b) => (a.share < b.share ? -1 : 1));
};
