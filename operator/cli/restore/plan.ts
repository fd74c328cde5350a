// What restoring a backup does: creates what is gone, with the ids by which AWS knows it, and changes nothing that is there. Pure.

import { isDeepStrictEqual } from 'node:util';
import { annotations } from '../../resources/annotations.ts';
import { manifestOf, type Manifest } from '../../resources/manifest.ts';
import type { ShareApprovalSpec } from '../../resources/share-approval.ts';
import type { WrittenObject } from '../manifests/read-files.ts';
import { kindNamed, kindNames, referenceText, type KindName, type ObjectReference } from '../object-reference.ts';

export interface RestoreStep {
  readonly object: ObjectReference;
  /** `create`; `same`: it is there, as in the backup; `differs`: it is there otherwise, and stays so; `skip`: it must not come back. */
  readonly what: 'create' | 'same' | 'differs' | 'skip';
  readonly why?: string | undefined;
  /** What AWS names are made of, where it has to be written out: the UID that it came from is another after a restore. */
  readonly id?: string | undefined;
  /** To whom it gives access, where it does. */
  readonly gives?: string | undefined;
  /** What is created. */
  readonly manifest?: Manifest | undefined;
}

const KINDS_WITH_ID: readonly KindName[] = ['Organization', 'Environment', 'Team', 'Dataset', 'ConsumptionRole'];

/** In the order in which objects can be created: what others name comes before them. @param now milliseconds since the epoch */
export function restorePlan(
  backup: readonly WrittenObject[],
  present: readonly WrittenObject[],
  now: number,
): readonly RestoreStep[] {
  const there = new Map(present.map((object) => [keyOf(object), object]));
  const requests = new Set([...backup, ...present].filter((object) => object.kind === 'ShareRequest' && !isEnding(object)).map(keyOf)); // prettier-ignore
  return [...new Map(backup.map((object) => [keyOf(object), object])).values()]
    .toSorted((a, b) => kindNames.indexOf(a.kind) - kindNames.indexOf(b.kind))
    .map((object) => stepOf(object, there.get(keyOf(object)), requests, now));
}

function stepOf(
  object: WrittenObject,
  present: WrittenObject | undefined,
  requests: ReadonlySet<string>,
  now: number,
): RestoreStep {
  const reference = referenceOf(object);
  const manifest = withId(object);
  if (present !== undefined) {
    const isSame = isDeepStrictEqual(completeSpec(present), completeSpec(object));
    return isSame
      ? { object: reference, what: 'same' }
      : {
          object: reference,
          what: 'differs',
          why: 'somebody changed it since, or it was made anew: what is there counts',
        };
  }
  const skipped = whyNot(object, requests, now);
  if (skipped !== undefined) return { object: reference, what: 'skip', why: skipped };
  const id = idOf(object);
  const gives = givenBy(object);
  return {
    object: reference,
    what: 'create',
    ...(id !== undefined && { id }),
    ...(gives !== undefined && { gives }),
    manifest,
  };
}

function whyNot(object: WrittenObject, requests: ReadonlySet<string>, now: number): string | undefined {
  if (isEnding(object)) return 'it was being deleted when it was backed up';
  if (object.kind !== 'ShareApproval') return undefined;
  const { requestRef, decision, expiresAt } = object.spec as unknown as ShareApprovalSpec;
  const request: ObjectReference = { kind: 'ShareRequest', namespace: requestRef.namespace, name: requestRef.name };
  // It would be bound to whatever request comes next by that name, and give somebody else what was given to another.
  if (!requests.has(referenceText(request)))
    return `${referenceText(request)}, which it answers, is neither in the backup nor in the cluster`;
  if (decision === 'Approved' && expiresAt !== undefined && Date.parse(expiresAt) <= now)
    return `what it gave ended ${expiresAt}`;
  return undefined;
}

const isEnding = ({ metadata }: WrittenObject): boolean => metadata.deletionTimestamp !== undefined;

/** Words for who decides whether that is still meant. */
function givenBy({ kind, spec }: WrittenObject): string | undefined {
  if (kind !== 'ShareApproval') return undefined;
  const { decision, principal, items = [], datasetRef } = spec as unknown as ShareApprovalSpec;
  if (decision !== 'Approved') return undefined;
  const what = items.map(({ kind: of, name }) => `${of} ${name}`).join(', ');
  return `${principal.arn ?? `${principal.kind} ${principal.name}`} reads ${what} of ${datasetRef.name}`;
}

function idOf({ kind, metadata, spec, status }: WrittenObject): string | undefined {
  if (!KINDS_WITH_ID.includes(kind)) return undefined;
  const known = spec['id'] ?? status?.['id'] ?? metadata.annotations?.[annotations.id];
  return typeof known === 'string' ? known : undefined;
}

function withId(object: WrittenObject): Manifest {
  const manifest = manifestOf(object);
  const id = idOf(object);
  return id === undefined ? manifest : { ...manifest, spec: { ...(manifest.spec as object), id } };
}

/** With the defaults that the API server fills in, and without the id: in one of the two alone it was written by an earlier restore. */
function completeSpec(object: WrittenObject): unknown {
  const { id: _, ...rest } = manifestOf(object).spec as { readonly id?: string };
  return kindNamed[object.kind].spec.safeParse(rest).data ?? rest;
}

export const referenceOf = ({ kind, metadata }: Pick<WrittenObject, 'kind' | 'metadata'>): ObjectReference => ({
  kind,
  name: metadata.name,
  ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
});

const keyOf = (object: WrittenObject): string => referenceText(referenceOf(object));
