// What the request form says, in English.

import type { ShareObjectDataPermission } from '../operations.ts';

export const requestStrings = {
  title: (dataset: string): string => `Request access to ${dataset}`,
  where: 'Where will the data be read?',
  environment: 'Environment',
  environmentHint: 'The AWS account and region of your team in which the data will be read.',
  chooseEnvironment: 'Choose an environment',
  noEnvironments:
    'None of your groups has an environment that is ready. Ask a platform administrator to link your account.',
  team: 'Team',
  teamHint: 'The group in whose name you ask: its members see this request.',
  chooseTeam: 'Choose a group',
  who: 'Who will read it?',
  whoHint: 'Access is given to one IAM role or user, and to nobody else of your team.',
  teamRole: (group: string): string => `The role of team ${group}`,
  teamRoleHint: 'People who open the AWS console or get keys for the team here, and queries of its Athena workgroup.',
  consumptionRole: (iamName: string): string => `IAM name ${iamName}. For programs and notebooks that run with it.`,
  noPrincipals: 'Choose a team first.',
  what: 'What is asked for?',
  items: 'Items',
  itemsHint: 'Tables, folders or the whole bucket. You can add more later.',
  bucket: 'The whole bucket',
  noItems: 'This dataset offers nothing yet.',
  permissions: 'What will be done with it?',
  purpose: 'Purpose',
  purposeHint: 'Those who decide read this first: what for, and for how long.',
  decides: 'Who will be asked',
  decidesText: (groups: string): string => `${groups} will be told at once, and decide.`,
  automatic: 'Requests to read are approved at once by a standing decision of the owner.',
  ends: 'How long?',
  endsHint: (min: number, max: number, unit: string): string => `Between ${min} and ${max} ${unit}.`,
  months: 'months',
  quarters: 'quarters',
  noEnd: 'Ask for access without an end',
  submit: 'Submit request',
  cancel: 'Cancel',
  missing: 'Choose one.',
  missingItems: 'Choose at least one item.',
  missingPermissions: 'Choose at least one.',
  wrongPeriod: 'Say a whole number within these bounds.',
  failed: 'The request was not submitted',
  submitted: 'Submitted. Those who decide are told.',
  existed: 'You have asked for this before: here it is.',
} as const;

export const permissionTexts: Readonly<Record<ShareObjectDataPermission, string>> = {
  Read: 'Read it',
  Write: 'Write to it (folders and buckets, within one AWS account)',
  Modify: 'Change and delete in it (folders and buckets, within one AWS account)',
};
