// A list keeps its question in the address, and says why it shows nothing.

import { fireEvent, render, screen } from '@testing-library/react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { CombinedError } from 'urql';
import { expect, it, vi } from 'vitest';
import { useListQuestion } from './list-question.ts';
import { ListTable } from './list-table.tsx';

interface Row {
  readonly id: string;
}

interface Answer {
  readonly rows?: readonly string[];
  readonly count?: number;
  readonly error?: CombinedError;
}

const asked: unknown[] = [];
const retry = vi.fn<() => void>();

function List({ rows, count = rows?.length ?? 0, error }: Answer) {
  const question = useListQuestion();
  asked.push(question.filter);
  const list = rows && { count, nodes: rows.map((id): Row => ({ id })) };
  return (
    <ListTable
      title="Fruit"
      answer={{ list, fetching: false, error, onRetry: retry }}
      question={question}
      searchLabel="Find fruit"
      trackBy="id"
      columns={[{ id: 'id', header: 'Name', cell: ({ id }) => id }]}
      empty="There is no fruit."
      emptyHint="Grow some."
    />
  );
}

function show(answer: Answer, address = '/') {
  const router = createMemoryRouter([{ path: '/', element: <List {...answer} /> }], { initialEntries: [address] });
  render(<RouterProvider router={router} />);
  return router;
}

it('what is typed stands in the address at once, is asked for when typing pauses, and begins at the first page', async () => {
  const router = show({ rows: ['apple'], count: 60 }, '/?page=3');
  fireEvent.change(screen.getByRole('searchbox', { name: 'Find fruit' }), { target: { value: 'app' } });
  expect(router.state.location.search).toBe('?term=app');
  expect(asked.at(-1)).toMatchObject({ term: '', page: 1 });
  await vi.waitFor(() => expect(asked.at(-1)).toEqual({ term: 'app', page: 1, pageSize: 20 }));
});

it('an address that was sent to somebody shows the same page of the same words', () => {
  show({ rows: ['apple'], count: 60 }, '/?term=app&page=2');
  expect(asked.at(-1)).toEqual({ term: 'app', page: 2, pageSize: 20 });
  expect(screen.getByRole<HTMLInputElement>('searchbox').value).toBe('app');
});

it('a list without rows says what to do, and that nothing matches where words were typed', () => {
  show({ rows: [] });
  for (const text of ['There is no fruit.', 'Grow some.']) screen.getByText(text);
  show({ rows: [] }, '/?term=stone');
  screen.getByText('Nothing matches.');
});

it('a list that could not be loaded says why, and is asked for again', () => {
  show({ error: new CombinedError({ networkError: new Error('away') }) });
  screen.getByText(/away/);
  fireEvent.click(screen.getByRole('button', { name: 'Try again' }));
  expect(retry).toHaveBeenCalledOnce();
});
