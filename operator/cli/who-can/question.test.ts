// What is asked of who can read, as somebody writes it at a shell.

import { describe, expect, it } from 'vitest';
import { readQuestion } from './question.ts';

const asked = (text: string, item?: string) => readQuestion(text, item, 'here');
const orders = { kind: 'Table', name: 'orders' };

describe('a question about who can read', () => {
  it('is about a dataset, a table, a column or another part of it', () => {
    const dataset = { namespace: 'here', name: 'sales' };
    const there = { namespace: 'there', name: 'sales' };
    expect(asked('sales')).toEqual({ dataset, item: undefined, column: undefined });
    expect(asked('there/sales')).toEqual({ dataset: there, item: undefined, column: undefined });
    expect(asked('sales/orders.email')).toEqual({ dataset, item: orders, column: 'email' });
    expect(asked('there/sales/orders')).toEqual({ dataset: there, item: orders, column: undefined });
    expect(asked('there/sales/orders.email')).toEqual({ dataset: there, item: orders, column: 'email' });
    expect(asked('there/sales', 'folder/raw')).toMatchObject({ dataset: there, item: { kind: 'Folder', name: 'raw' } });
  });

  it('that names nothing is refused with what to write', () => {
    expect(() => asked('sales/orders.')).toThrow('write <dataset>/<table>.<column>');
    expect(() => asked('a/b/c/d')).toThrow('write <name>, or <namespace>/<name>');
    expect(() => asked('sales/orders.email', 'folder/raw')).toThrow('names a table already');
  });
});
