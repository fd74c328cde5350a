// The start page: what waits for the person, and what they wait for.

import { Page } from '../../ui/page.tsx';
import { usePerson } from '../../app/person.ts';
import { homeStrings } from './strings.ts';

export function HomePage() {
  const { name } = usePerson();
  return (
    <Page title={homeStrings.title(name)} description={homeStrings.description}>
      {null}
    </Page>
  );
}
