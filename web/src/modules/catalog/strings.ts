// What the catalogue says, in English.

export const catalogStrings = {
  title: 'Catalogue',
  description: 'Find data, and ask for it.',
  search: 'Search by name, description or tag',
  filters: 'Narrow down',
  results: 'Results',
  found: (count: number): string => (count === 1 ? '1 result' : `${count} results`),
  none: 'Nothing is found.',
  noneHint: 'Use fewer words or fewer filters.',
  didYouMean: 'Did you mean',
  clear: 'Clear filters',
  request: 'Request access',
  requestOf: (name: string): string => `Request access to ${name}`,
  owner: 'Owner',
  countOf: (tables: number, folders: number): string =>
    [tables === 1 ? '1 table' : `${tables} tables`, folders === 1 ? '1 folder' : `${folders} folders`].join(', '),
  inDataset: (dataset: string): string => `in ${dataset}`,
  yours: 'You have access',
  yoursPartly: 'You have access to a part',
  yoursOf: (items: number): string => (items === 1 ? 'You have access to 1 item' : `You have access to ${items} items`),
  facets: {
    resourceKind: 'Type',
    tags: 'Tags',
    region: 'Region',
    topics: 'Topics',
    classification: 'Classification',
  },
  kinds: { dataset: 'Dataset', table: 'Table', folder: 'Folder' },
} as const;
