// The annotations, labels and finalizer that are ours: people can neither write nor remove them, nor add finalizers of others, nor make an
// object depend on another, with which Kubernetes would delete it.

import { annotations, FINALIZER, labels, MANAGED_BY, MAX_REQUESTED_AT, verbs } from '../../annotations.ts';
import { group } from '../../kind.ts';
import { validatingPolicy, type AdmissionObject } from '../admission.ts';
import {
  AUTHOR,
  byOthers,
  celList,
  IS_PLATFORM_ADMIN,
  KUBERNETES_CONTROLLERS,
  may,
  SPEC_CHANGES,
} from '../expressions.ts';
import type { Installation } from '../installation.ts';
import { ourResources } from '../resources.ts';

/** Those that Kubernetes itself sets and clears as a deletion is carried out in the foreground or leaves dependants alone. */
const FINALIZERS_OF_KUBERNETES = ['foregroundDeletion', 'orphan'];

/** Of each, for an object: every process keeps them in memory, of every object that a team may have. */
const MOST_LABELS = 50;
const LONGEST_ANNOTATION = 1_024;
/** `kubectl apply` keeps the manifest there, which is as long as it is. Caches leave it out. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Who may change something else of an object that has more finds it as it was. */
const isBounded = (after: string, before: string): string =>
  `${after}.size() <= ${MOST_LABELS} || ${after}.size() <= ${before}.size()`;

/** Judged one by one below or by a policy of their kind, or free. */
const judgedApart = [annotations.requestedAt, annotations.changedBy, annotations.importAuthorized, annotations.byOwner];

/** The keys of ours in one of two maps whose values differ between them. */
const changedKeys = (before: string, after: string, except: readonly string[]): string =>
  `(${after}.map(k, k) + ${before}.map(k, k)).filter(k, k.startsWith('${group}/') && !(k in ${celList(except)}) && ${after}[?k] != ${before}[?k])`;

const isAsBefore = (annotation: string): string =>
  `variables.after[?'${annotation}'] == variables.before[?'${annotation}']`;

const requestedAt = `variables.after[?'${annotations.requestedAt}'].orValue('-')`;

/** What of them changes, and by whom. */
const changes: Readonly<Record<string, string>> = {
  after: 'object.metadata.?annotations.orValue({})',
  before: 'oldObject == null ? {} : oldObject.metadata.?annotations.orValue({})',
  labelsAfter: 'object.metadata.?labels.orValue({})',
  labelsBefore: 'oldObject == null ? {} : oldObject.metadata.?labels.orValue({})',
  annotations: changedKeys('variables.before', 'variables.after', judgedApart),
  labels: changedKeys('variables.labelsBefore', 'variables.labelsAfter', []),
  finalizersAfter: 'object.metadata.?finalizers.orValue([])',
  finalizersBefore: 'oldObject == null ? [] : oldObject.metadata.?finalizers.orValue([])',
  longAnnotations: `variables.after.map(k, k).filter(k, k != '${LAST_APPLIED}' && variables.after[k].size() > ${LONGEST_ANNOTATION} && variables.after[?k] != variables.before[?k])`,
  foreignFinalizers: `variables.finalizersAfter.filter(f, !(f in variables.finalizersBefore) && !(f in ${celList([FINALIZER, ...FINALIZERS_OF_KUBERNETES])}))`,
  ownersAfter: 'object.metadata.?ownerReferences.orValue([])',
  ownersBefore: 'oldObject == null ? [] : oldObject.metadata.?ownerReferences.orValue([])',
  // A restore brings back the id that AWS names were made of.
  administrative: `variables.annotations.all(k, k == '${annotations.abandon}' || (k == '${annotations.id}' && oldObject == null)) && ${IS_PLATFORM_ADMIN}`,
  importer: `request.namespace != '' && ${may(verbs.import, { resource: 'environments', name: 'request.namespace' })}`,
};

export function protectedMetadataPolicies(installation: Installation): readonly AdmissionObject[] {
  return validatingPolicy({
    name: 'protected-metadata',
    description:
      'Annotations, labels and finalizer of dataall.io are written by admission and the operator; there are no other finalizers.',
    requests: [{ resources: ourResources, operations: ['CREATE', 'UPDATE'] }],
    conditions: [byOthers(installation)],
    variables: changes,
    validations: [
      {
        expression: 'variables.annotations.size() == 0 || variables.administrative',
        messageExpression: `'annotation ' + variables.annotations[0] + ' is written by the operator: leave it as it is (to ask for a reconcile, set ${annotations.requestedAt}; platform administrators may set ${annotations.abandon})'`,
      },
      {
        expression: `${isAsBefore(annotations.requestedAt)} || (${requestedAt}.size() > 0 && ${requestedAt}.size() <= ${MAX_REQUESTED_AT})`,
        message: `annotation ${annotations.requestedAt} is a moment, of 1 to ${MAX_REQUESTED_AT} characters: set it to the time`,
      },
      {
        // Where there are mutating policies they have seen to it already; Kubernetes before 1.36 has none.
        expression: `${isAsBefore(annotations.changedBy)} || ((${SPEC_CHANGES}) && variables.after[?'${annotations.changedBy}'].orValue('') == ${AUTHOR})`,
        message: `annotation ${annotations.changedBy} says who changed spec and is written at admission: leave it as it is`,
      },
      {
        expression: `${isAsBefore(annotations.importAuthorized)} || (variables.after[?'${annotations.importAuthorized}'].orValue('') == ${AUTHOR} && variables.importer)`,
        message: `annotation ${annotations.importAuthorized} is written at admission for who holds verb import on the environment: leave it as it is`,
      },
      {
        expression: `variables.labels.size() == 0`,
        messageExpression: `'label ' + variables.labels[0] + ' is written by the operator: leave it as it is'`,
      },
      {
        expression: `(variables.labelsAfter[?'${labels.managedBy}'].orValue('') == '${MANAGED_BY}') == (variables.labelsBefore[?'${labels.managedBy}'].orValue('') == '${MANAGED_BY}')`,
        message: `label ${labels.managedBy}: ${MANAGED_BY} marks what the operator made: leave it as it is`,
      },
      {
        expression: `!('${FINALIZER}' in variables.finalizersBefore) || '${FINALIZER}' in variables.finalizersAfter`,
        message: `finalizer ${FINALIZER} stays until the operator has seen that nothing is left in AWS (for a closed account, a platform administrator sets annotation ${annotations.abandon} to the object's UID)`,
      },
      {
        expression: `(${isBounded('variables.labelsAfter', 'variables.labelsBefore')}) && (${isBounded('variables.after', 'variables.before')})`,
        message: `an object has at most ${MOST_LABELS} labels and ${MOST_LABELS} annotations: keep what describes it in fewer, or elsewhere`,
      },
      {
        expression: 'variables.longAnnotations.size() == 0',
        messageExpression: `'annotation ' + variables.longAnnotations[0] + ' is longer than ${LONGEST_ANNOTATION} characters: keep documents elsewhere, and their address here'`,
      },
      {
        // Who cleans up after others may delete what they made, but not remove a finalizer from it.
        expression: 'variables.foreignFinalizers.size() == 0',
        messageExpression: `'finalizer ' + variables.foreignFinalizers[0] + ' would keep the object, and the environment it is in, after others may end it: leave it out'`,
      },
      {
        // The garbage collector deletes with rights that the author of a reference need not have.
        expression: `variables.ownersAfter.all(owner, owner in variables.ownersBefore) || ${AUTHOR} in ${celList(Object.values(KUBERNETES_CONTROLLERS))}`,
        message:
          'with metadata.ownerReferences Kubernetes would delete this object, and what it stands for, when another one goes: leave them out',
      },
    ],
  });
}
