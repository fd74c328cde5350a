// What the start page says, in English.

export const homeStrings = {
  title: (name: string): string => `Welcome, ${name}`,
  description: 'What waits for you, and what you wait for.',
} as const;
