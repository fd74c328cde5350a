// What config.json switches off, refused to people: new objects of a module, and what of a Dataset or the Tenant a feature is about.
//
// What is there stays as it is and can be ended: nothing that people agreed on is taken back by a switch (docs/decisions/0019).

import { shareApprovalKind } from '../../share-approval.ts';
import { validatingPolicy, type AdmissionObject, type Parameter } from '../admission.ts';
import { byPeople } from '../expressions.ts';
import { ADMISSION_SWITCHES, POLICY_SETTINGS, type ADMISSION_MODULES, type Installation } from '../installation.ts';
import type { OurResource } from '../resources.ts';

const settings = ({ namespace }: Installation): Parameter => ({
  kind: { apiVersion: 'v1', kind: 'ConfigMap' },
  namespace,
  name: POLICY_SETTINGS,
  missing: 'Deny',
});

const lines = (name: 'confidentialities' | 'switchedOff'): string => `params.data.?${name}.orValue('').split('\\n')`;

/** Said as data.all says it of an operation. */
const disabled = (name: string, what: string): string =>
  `'Disabled by config ' + ${name} + ': ${what}; an administrator of the installation switches it on in config.json'`;

/** Of modules whose kinds these are. Others are the core's, which is always there. */
const moduleOf: Partial<Record<OurResource, `modules.${(typeof ADMISSION_MODULES)[number]}`>> = {
  datasets: 'modules.s3_datasets',
  datasettables: 'modules.s3_datasets',
  sharerequests: 'modules.s3_datasets_shares',
  shareapprovals: 'modules.s3_datasets_shares',
};

/** What of a decision may be another when some of it is taken back: all else stays. */
const TAKEN_BACK_BY: readonly string[] = ['items', 'withdrawn', 'rejected', 'suspend'];
/** What gives nothing. The operator judges whether the group decides. */
const GIVES_NOTHING: readonly string[] = ['prepared', 'approver', 'reason'];

const onlyGrows = (list: 'withdrawn' | 'rejected'): string =>
  `oldObject.spec.?${list}.orValue([]).all(denied, denied in object.spec.?${list}.orValue([]))`;

/**
 * Consent is taken back as a whole, or for some items with everything else left as it was. An edit consents anew to what is left of it, so some
 * can be taken only of one that is in effect: what is stale was given for another request, dataset or role. Each variable may compare two lists
 * of 500.
 */
const takingBack = {
  conditions: 'oldObject.?status.conditions.orValue([])',
  isInEffect: `variables.conditions.exists(c, c.type == 'Bound' && c.status == 'True' && c.?observedGeneration.orValue(0) == oldObject.metadata.generation) && !variables.conditions.exists(c, c.type == 'Ready' && c.reason == 'ApprovalStale')`,
  leavesTheRest: [
    ...Object.keys(shareApprovalKind.spec.shape)
      .filter((field) => !TAKEN_BACK_BY.includes(field) && !GIVES_NOTHING.includes(field))
      .map((field) => `object.spec.?${field} == oldObject.spec.?${field}`),
    `(object.spec.?suspend == oldObject.spec.?suspend || object.spec.?suspend.orValue(false))`,
  ].join(' && '),
  listsNoMore: 'object.spec.?items.orValue([]).all(item, item in oldObject.spec.?items.orValue([]))',
  keepsWithdrawn: onlyGrows('withdrawn'),
  keepsRejected: onlyGrows('rejected'),
  takesBack: [
    `request.resource.resource == 'shareapprovals'`,
    `oldObject.spec.decision == 'Approved'`,
    `(object.spec.decision == 'Rejected' || (${['isInEffect', 'leavesTheRest', 'listsNoMore', 'keepsWithdrawn', 'keepsRejected'].map((name) => `variables.${name}`).join(' && ')}))`,
  ].join(' && '),
};

const modules = (installation: Installation) =>
  validatingPolicy({
    name: 'modules',
    description: 'Of a module that config.json switches off nothing new is made; what there is stays and can be ended.',
    requests: [{ resources: Object.keys(moduleOf), operations: ['CREATE', 'UPDATE'] }],
    conditions: [byPeople(installation)],
    parameter: settings(installation),
    variables: {
      module: `{${Object.entries(moduleOf)
        .map(([resource, module]) => `'${resource}': '${module}'`)
        .join(', ')}}[request.resource.resource]`,
      ...takingBack,
    },
    validations: [
      {
        expression: `!(variables.module in ${lines('switchedOff')}) || (oldObject != null && (object.spec == oldObject.spec || variables.takesBack))`,
        messageExpression: disabled(
          'variables.module',
          'what is there stays and can be deleted, and nothing new is made',
        ),
      },
    ],
  });

/** Lists of which nothing may be new. */
const NOTHING_NEW = {
  topics: `object.spec.?topics.orValue([]).all(topic, oldObject != null && topic in oldObject.spec.?topics.orValue([]))`,
  folders: `[(oldObject == null ? [] : oldObject.spec.?folders.orValue([])).transformMapEntry(i, folder, {folder.name: folder})].all(before, object.spec.?folders.orValue([]).all(folder, before[?folder.name] == optional.of(folder)))`,
  expiration: `!object.spec.?sharing.?expiration.hasValue() || (oldObject != null && object.spec.?sharing.?expiration == oldObject.spec.?sharing.?expiration)`,
} as const satisfies Readonly<Record<keyof typeof ADMISSION_SWITCHES, string>>;

const WITHOUT = {
  topics: 'leave new topics out of spec.topics',
  folders: 'leave new and changed folders out of spec.folders',
  expiration: 'leave spec.sharing.expiration out',
} as const satisfies Readonly<Record<keyof typeof ADMISSION_SWITCHES, string>>;

const datasets = (installation: Installation) =>
  validatingPolicy({
    name: 'dataset-features',
    description:
      'A Dataset says a confidentiality that this installation has, and nothing new of what config.json switches off.',
    requests: [{ resources: ['datasets'], operations: ['CREATE', 'UPDATE'] }],
    conditions: [byPeople(installation)],
    parameter: settings(installation),
    variables: { levels: lines('confidentialities') },
    validations: [
      {
        expression: `object.spec.confidentiality in variables.levels || (oldObject != null && object.spec.confidentiality == oldObject.spec.confidentiality)`,
        messageExpression: `'confidentiality ' + object.spec.confidentiality + ' is none of this installation: say one of ' + variables.levels.join(', ')`,
      },
      ...(['topics', 'folders', 'expiration'] as const).map((name) => ({
        expression: `!('${ADMISSION_SWITCHES[name]}' in ${lines('switchedOff')}) || ${NOTHING_NEW[name]}`,
        messageExpression: disabled(`'${ADMISSION_SWITCHES[name]}'`, WITHOUT[name]),
      })),
    ],
  });

const maintenance = (installation: Installation) =>
  validatingPolicy({
    name: 'maintenance-module',
    description: 'No maintenance begins where config.json switches it off.',
    requests: [{ resources: ['tenants'], operations: ['CREATE', 'UPDATE'] }],
    conditions: [byPeople(installation)],
    parameter: settings(installation),
    validations: [
      {
        expression: `!('modules.maintenance' in ${lines('switchedOff')}) || !has(object.spec.maintenance) || (oldObject != null && object.spec.?maintenance == oldObject.spec.?maintenance)`,
        messageExpression: disabled(`'modules.maintenance'`, 'leave spec.maintenance out'),
      },
    ],
  });

export const featurePolicies = (installation: Installation): readonly AdmissionObject[] => [
  ...modules(installation),
  ...datasets(installation),
  ...maintenance(installation),
];
