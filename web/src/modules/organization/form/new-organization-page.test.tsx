// A form sends nothing that it sees to be incomplete, and shows where; what the gateway refuses stands in it.

import { fireEvent, render, screen } from '@testing-library/react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { Client, fetchExchange, Provider } from 'urql';
import { expect, it, vi } from 'vitest';
import { PersonContext } from '../../../app/person.ts';
import { NewOrganizationPage } from './new-organization-page.tsx';

const sent: unknown[] = [];
const refusal =
  'An error occurred (ResourceAlreadyExists) when calling CREATE_ORGANIZATION operation: there is one of that name';
const client = new Client({
  url: 'http://gateway.test/graphql',
  preferGetMethod: false,
  exchanges: [fetchExchange],
  fetch: async (_, options) => {
    sent.push(await new Response(options?.body ?? null).json());
    return Response.json({ data: null, errors: [{ message: refusal }] });
  },
});

it('a new organization has to have a name, is for a group of the person, and says why it was refused', async () => {
  const person = { name: 'olga', email: 'olga@acme.example', groups: ['owners', 'others'] };
  const router = createMemoryRouter([{ path: '*', element: <NewOrganizationPage /> }]);
  render(
    <PersonContext value={person}>
      <Provider value={client}>
        <RouterProvider router={router} />
      </Provider>
    </PersonContext>,
  );
  const name = screen.getByRole('textbox', { name: 'Name' });
  fireEvent.submit(name);
  screen.getByText('Has to be given');
  expect(sent).toEqual([]);

  fireEvent.change(name, { target: { value: ' Globex ' } });
  expect(screen.queryByText('Has to be given')).toBeNull();
  fireEvent.submit(name);
  await vi.waitFor(() => screen.getByText('there is one of that name'));
  expect(sent).toMatchObject([
    { variables: { input: { label: 'Globex', SamlGroupName: 'owners', description: '', tags: [] } } },
  ]);
});
