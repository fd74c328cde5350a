// Who is signed in, for every component.

import { createContext, use } from 'react';
import type { Person } from './session.ts';

export const PersonContext = createContext<Person | undefined>(undefined);

export function usePerson(): Person {
  const person = use(PersonContext);
  if (person === undefined) throw new Error('there is nobody: App provides who is signed in');
  return person;
}
