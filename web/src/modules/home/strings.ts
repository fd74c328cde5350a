// What the start page says, in English.

export const homeStrings = {
  title: (name: string): string => `Welcome, ${name}`,
  description: 'What waits for you, and what you wait for.',
  find: 'Find data',
  waiting: 'Waiting for me',
  nothingWaits: 'Nobody waits for a decision of yours.',
  mine: 'My requests',
  nothingAsked: 'Your groups have asked for nothing yet.',
  toCatalogue: 'Find data in the catalogue',
  seeAll: 'See all',
  asked: (group: string): string => `asked for by ${group}`,
  of: (dataset: string, principal: string): string => `${dataset} for ${principal}`,
} as const;
