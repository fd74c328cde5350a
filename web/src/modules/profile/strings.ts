// What the page about oneself says, in English.

export const profileStrings = {
  title: 'Your profile',
  description: 'Who you are here, by which groups, and where you are signed in.',
  who: 'Who you are',
  name: 'Name',
  email: 'E-mail',
  groups: 'Groups',
  noGroups: 'None: you can find data, and own or ask for nothing',
  sessions: 'Where you are signed in',
  sessionsText: 'End what you do not know.',
  session: 'Browser or program',
  current: 'This one',
  began: 'Since',
  seen: 'Last used',
  ends: 'Ends',
  end: 'Sign out there',
  endOf: (browser: string): string => `Sign out there: ${browser}`,
  ended: 'That session has ended.',
  notEnded: 'It could not be ended.',
  unknown: 'Unknown',
  failed: 'Your sessions could not be read.',
} as const;
