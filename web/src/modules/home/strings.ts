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
  ending: 'Ending soon',
  endingText: 'Access of your groups that ends within 30 days. Ask for a later end on its page.',
  broken: 'Broken',
  brokenText: 'Access of your groups that is not as it was granted. Its page says why, and what to do.',
  brokenOfMine: 'Broken for others',
  brokenOfMineText: 'What your groups have granted, and is not as it was granted.',
  recent: 'Opened lately',
  recentText: 'Kept in this browser until you sign out.',
  seeAll: 'See all',
  asked: (group: string): string => `asked for by ${group}`,
  ends: 'ends',
  of: (dataset: string, principal: string): string => `${dataset} for ${principal}`,
} as const;
