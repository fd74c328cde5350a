// What admission writes into objects: who changed them, our finalizer, whether an import was allowed, and whether a table is its owner's.

import { annotations, FINALIZER, verbs } from '../../annotations.ts';
import { mutatingPolicy, type AdmissionObject } from '../admission.ts';
import { annotationOf, AUTHOR, may, SPEC_CHANGES } from '../expressions.ts';
import { ourResources, type OurResource } from '../resources.ts';

/** Kinds whose objects stand for something that must be gone before they are: traces in AWS, environments of an organization. */
const finalizedResources = [
  'organizations',
  'environments',
  'teams',
  'datasets',
  'consumptionroles',
  'sharerequests',
  'shareapprovals',
] as const satisfies readonly OurResource[];

/** Sets `changed-by` when spec changes and restores it otherwise, whatever the author wrote there. */
const author = mutatingPolicy({
  name: 'stamp-author',
  description: 'Writes who last changed spec into annotation dataall.io/changed-by; nobody can write it themselves.',
  requests: [{ resources: ourResources, operations: ['CREATE', 'UPDATE'] }],
  variables: {
    changedBy: `(${SPEC_CHANGES}) ? ${AUTHOR} : ${annotationOf('oldObject', annotations.changedBy)}`,
  },
  patch: `variables.changedBy == '' ? [] : ${patchAnnotation(annotations.changedBy, 'variables.changedBy')}`,
});

const finalizer = mutatingPolicy({
  name: 'finalizer',
  description: 'Adds our finalizer at creation, so that an object cannot vanish before its traces in AWS are gone.',
  requests: [{ resources: finalizedResources, operations: ['CREATE'] }],
  variables: { present: 'object.metadata.?finalizers.orValue([])' },
  patch: `'${FINALIZER}' in variables.present ? [] : [JSONPatch{op: 'add', path: '/metadata/finalizers', value: variables.present + ['${FINALIZER}']}]`,
});

/**
 * Records that the author of an import holds verb `import` on the environment. What is imported cannot be changed later, so the
 * stamp stays when somebody without that verb edits the rest; and who holds it allows an import of others by writing their own name
 * there, not by whatever else they edit.
 */
const importAuthorized = mutatingPolicy({
  name: 'stamp-import',
  description:
    'Writes into annotation dataall.io/import-authorized who, holding verb import on the environment, imported a bucket.',
  requests: [{ resources: ['datasets'], operations: ['CREATE', 'UPDATE'] }],
  variables: {
    before: `oldObject == null ? '' : ${annotationOf('oldObject', annotations.importAuthorized)}`,
    signed: `variables.before != ${AUTHOR} && ${annotationOf('object', annotations.importAuthorized)} == ${AUTHOR}`,
    authorized: `object.spec.s3.origin == 'Import' && (oldObject == null || variables.signed) && ${may(verbs.import, { resource: 'environments', name: 'request.namespace' })}`,
    stamp: `variables.authorized ? ${AUTHOR} : variables.before`,
    spoofed: `variables.stamp == '' && '${annotations.importAuthorized}' in object.metadata.?annotations.orValue({})`,
  },
  patch: `variables.spoofed ? [JSONPatch{op: 'remove', path: '${annotationPath(annotations.importAuthorized)}'}] : variables.stamp == '' ? [] : ${patchAnnotation(annotations.importAuthorized, 'variables.stamp')}`,
});

/**
 * Records that the author of a table may change its dataset: of several for one table theirs counts, whenever others made theirs. Stays
 * when a steward edits what its owner wrote.
 */
const byOwner = mutatingPolicy({
  name: 'stamp-table',
  description:
    'Writes into annotation dataall.io/by-owner who, holding verb update on the dataset, wrote a table of it.',
  requests: [{ resources: ['datasettables'], operations: ['CREATE', 'UPDATE'] }],
  variables: {
    before: `oldObject == null ? '' : ${annotationOf('oldObject', annotations.byOwner)}`,
    owns: `(${SPEC_CHANGES}) && ${may('update', { resource: 'datasets', namespace: 'request.namespace', name: 'object.spec.datasetRef.name' })}`,
    stamp: `variables.owns ? ${AUTHOR} : variables.before`,
    spoofed: `variables.stamp == '' && '${annotations.byOwner}' in object.metadata.?annotations.orValue({})`,
  },
  patch: `variables.spoofed ? [JSONPatch{op: 'remove', path: '${annotationPath(annotations.byOwner)}'}] : variables.stamp == '' ? [] : ${patchAnnotation(annotations.byOwner, 'variables.stamp')}`,
});

/** @param value a CEL expression of type string */
function patchAnnotation(name: string, value: string): string {
  const intoMap = `[JSONPatch{op: 'add', path: '${annotationPath(name)}', value: ${value}}]`;
  const withMap = `[JSONPatch{op: 'add', path: '/metadata/annotations', value: {'${name}': ${value}}}]`;
  return `(has(object.metadata.annotations) ? ${intoMap} : ${withMap})`;
}

/** A JSON pointer, https://www.rfc-editor.org/rfc/rfc6901: `/` in a name is written `~1`. */
function annotationPath(name: string): string {
  return `/metadata/annotations/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export const stampPolicies: readonly AdmissionObject[] = [...author, ...finalizer, ...importAuthorized, ...byOwner];
