// What is said of groups, in English.

export const groupStrings = {
  show: (group: string): string => `Who is in ${group}`,
  title: (group: string): string => `Members of ${group}`,
  text: 'As far as data.all knows: people are put into groups at the identity provider.',
  refused: 'Only its members are told, and who works with it.',
  none: 'Nobody of the group has signed in yet.',
} as const;
