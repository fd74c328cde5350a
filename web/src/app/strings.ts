// What the frame says, in English.

export const appStrings = {
  product: 'data.all',
  skip: 'Go to the page',
  navigation: 'Pages',
  openNavigation: 'Show pages',
  closeNavigation: 'Hide pages',
  account: (name: string): string => `${name}: your account`,
  groups: (groups: readonly string[]): string => (groups.length === 0 ? 'In no group' : `In ${groups.join(', ')}`),
  profile: 'Your profile',
  signOut: 'Sign out',
  theme: 'Switch light and dark',
  sessionEnded: 'Your session has ended',
  sessionEndedText: 'Sign in again to go on. You come back to this page.',
  reauthenticate: 'Sign in once more',
  reauthenticateText: (operation: string): string =>
    `${operation} asks for a fresh sign-in. You come back to this page, and can try again.`,
  signIn: 'Sign in',
  cancel: 'Cancel',
  maintenance: 'data.all is in maintenance',
  unreachable: 'data.all does not answer',
  unreachableText: 'Nothing of what you did is lost. Try again in a moment.',
  tryAgain: 'Try again',
  notFound: 'There is no such page',
  notFoundText: 'The address may be mistyped, or what it showed may be gone.',
  goHome: 'Go to the start page',
  failed: 'This page failed',
  failedText:
    'That is a mistake of ours. Reload the page; if it fails again, tell who runs data.all what is written here.',
  reload: 'Reload',
} as const;
