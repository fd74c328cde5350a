// What components say that many pages share, in English.

export const uiStrings = {
  loading: 'Loading',
  tryAgain: 'Try again',
  failed: 'This could not be loaded',
  dismiss: 'Dismiss',
  unknown: '–',
} as const;
