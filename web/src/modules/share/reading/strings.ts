// What is said about reading shared data, in English.

export const readingStrings = {
  title: 'Read it',
  text: (reader: string): string => `Signed in to AWS as ${reader}. These lines work as they are.`,
  inAccount: ' of account ',
  item: 'Which item',
  language: 'How to read it',
  languages: { sql: 'SQL in Athena', python: 'Python (boto3)', cli: 'AWS command line' },
  workgroup: 'Athena workgroup',
  workgroupHint: 'One of the account that the reader may use; it says where results are kept.',
  snippet: (language: string): string => language,
  hints: {
    sql: 'In the Athena console of that account and region, in any workgroup that the reader may use.',
    python:
      'With boto3 and the credentials of the reader: its profile, its notebook, or keys from the page of the environment.',
    cli: 'With version 2 of the AWS command line and the credentials of the reader.',
  },
} as const;
