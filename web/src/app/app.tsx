// The application: who is signed in, the client, and the pages by their addresses.

import { I18nProvider } from '@cloudscape-design/components/i18n';
import messages from '@cloudscape-design/components/i18n/messages/all.en';
import { useState } from 'react';
import { RouterProvider } from 'react-router/dom';
import { Provider } from 'urql';
import { FeaturesContext, type Features } from './features.ts';
import { newGraphqlClient } from './graphql-client.ts';
import { PersonContext } from './person.ts';
import { newRouter } from './router.tsx';
import type { Person } from './session.ts';

interface AppProps {
  readonly person: Person;
  readonly features: Features;
}

export function App({ person, features }: AppProps) {
  const [client] = useState(newGraphqlClient);
  const [router] = useState(() => newRouter(features));
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <FeaturesContext value={features}>
        <PersonContext value={person}>
          <Provider value={client}>
            <RouterProvider router={router} />
          </Provider>
        </PersonContext>
      </FeaturesContext>
    </I18nProvider>
  );
}
