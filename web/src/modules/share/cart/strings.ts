// What is said about the cart, in English.

export const cartStrings = {
  add: 'Add to cart',
  isIn: 'In cart',
  remove: 'Take out of cart',
  request: (count: number): string =>
    count === 1 ? 'Request 1 dataset in the cart' : `Request ${count} datasets in the cart`,
} as const;
