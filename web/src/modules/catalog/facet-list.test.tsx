// Values of a field are ticked and unticked, also those that the words find no longer.

import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { FacetList } from './facet-list.tsx';

it('what is ticked stays there to be unticked where nothing of it is found', () => {
  const change = vi.fn<(chosen: readonly string[]) => void>();
  const facet = { label: 'Region', nameOf: (value: string) => value.toUpperCase(), onChange: change };
  render(<FacetList {...facet} values={[{ value: 'eu', count: 3 }]} chosen={['us']} />);
  fireEvent.click(screen.getByRole('checkbox', { name: /^EU \(3\)/ }));
  expect(change).toHaveBeenLastCalledWith(['us', 'eu']);
  fireEvent.click(screen.getByRole('checkbox', { name: /^US \(0\)/ }));
  expect(change).toHaveBeenLastCalledWith([]);
});

it('a field without values is not shown', () => {
  render(<FacetList label="Topic" values={[]} chosen={[]} nameOf={String} onChange={() => undefined} />);
  expect(screen.queryByText('Topic')).toBeNull();
});
