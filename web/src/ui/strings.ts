// What components say that many pages share, in English.

export const uiStrings = {
  loading: 'Loading',
  tryAgain: 'Try again',
  failed: 'This could not be loaded',
  dismiss: 'Dismiss',
  cancel: 'Cancel',
  refresh: 'Refresh',
  nothingFound: 'Nothing matches.',
  typeName: (name: string): string => `Type ${name} to confirm`,
  ready: 'Ready',
  notReady: 'Not ready',
  becomingReady: 'Being set up',
  whyNotReady: (reason: string): string => (reason === '' ? 'Not ready' : `Not ready: ${wordsOf(reason)}`),
  copy: (label: string): string => `Copy ${label}`,
  copied: 'Copied',
  notCopied: 'Could not be copied',
  close: 'Close',
  group: 'Group',
  groupHint: 'As the identity provider spells it. One that is not listed can be typed.',
  permissions: 'What it may do',
  actions: 'Actions',
  actionsOf: (name: string): string => `Actions on ${name}`,
  typeWord: 'Type one and press Enter',
  useWord: (word: string): string => `Use “${word}”`,
  removeWord: (word: string): string => `Remove ${word}`,
  keys: 'credentials',
  keysTitle: 'Credentials for the command line',
  keysText: 'Good for an hour at most. Who has them can do what the role can: pass them to nobody.',
  inTurn: 'In turn',
  underWay: 'Under way',
  done: 'Done',
  unknown: '–',
} as const;

/** `ImportNotAuthorized`, as Kubernetes writes reasons: `import not authorized`. */
const wordsOf = (reason: string): string => reason.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
