// A search that is not made, and why.

export class SearchRefused extends Error {
  override readonly name = 'SearchRefused';
}
