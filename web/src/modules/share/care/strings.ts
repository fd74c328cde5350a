// What is said about looking after a share, in English.

export const careStrings = {
  more: 'More',
  actions: {
    verify: 'Check in AWS now',
    repair: 'Repair in AWS now',
    extend: 'Ask for a later end',
    'cancel-extension': 'Take back the wish for a later end',
    purpose: 'Change the purpose',
    revoke: 'End all access',
    delete: 'Delete this share',
  },
  texts: {
    verify:
      'The operator reads in AWS whether this share is as granted. Nothing is changed. The result shows here in a moment.',
    repair:
      'The operator puts right in AWS what of this share is not as granted, and nothing else. Either side may ask for it: it gives nothing that was not agreed.',
    'cancel-extension': 'Access ends when it would have ended before.',
    delete: 'Access that is given by it ends, and the request goes. Who decides about the dataset is not asked.',
  },
  done: {
    verify: 'It is being checked.',
    repair: 'It is being repaired.',
    'cancel-extension': 'The wish is taken back.',
    delete: 'The share is being deleted.',
  },
  extendTitle: 'Ask for a later end?',
  extendText: (deciders: string): string => `${deciders} will be told, and decide. Until then access goes on as it is.`,
  endsNow: 'Now access ends',
  extended: 'Asked. Those who decide are told.',
  reason: 'Why is it needed longer?',
  purposeTitle: 'Change the purpose',
  purposeHint: 'Those who decide read this.',
  purpose: 'Purpose',
  save: 'Save',
  saved: 'The purpose is changed.',
  impact: 'What ends',
  impactReader: 'Who loses access',
  impactTeam: 'Who asked for it',
  impactSince: 'Given',
  impactOthers: 'What stays',
  impactOthersText: 'Access by other shares, and this share itself: it can be asked for again.',
  policies: (role: string): string => `${role} does not have all the policies that this share takes`,
  policiesText: (names: string): string =>
    `Made, and not attached: ${names}. Somebody of the account attaches them in IAM, or lets data.all attach them, these and those to come.`,
  attach: 'Let data.all attach them',
  attached: 'They are being attached.',
} as const;
